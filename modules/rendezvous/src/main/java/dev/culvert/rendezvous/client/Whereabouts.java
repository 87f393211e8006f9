package dev.culvert.rendezvous.client;

import dev.culvert.identity.PeerId;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** At which nodes others were lately. Of bounded size; whoever was of no interest for long goes. */
final class Whereabouts {
  private static final int MOST_PEERS = 512;
  private static final int MOST_NODES = 3;

  private final Map<PeerId, Set<PeerId>> seen = new LinkedHashMap<>(16, 0.75f, true);

  void seen(PeerId peer, PeerId node) {
    Set<PeerId> nodes = seen.computeIfAbsent(peer, fresh -> new LinkedHashSet<>());
    nodes.remove(node);
    nodes.add(node);
    if (nodes.size() > MOST_NODES) {
      nodes.remove(nodes.iterator().next());
    }
    if (seen.size() > MOST_PEERS) {
      seen.remove(seen.keySet().iterator().next());
    }
  }

  void notSeen(PeerId peer, PeerId node) {
    Set<PeerId> nodes = seen.get(peer);
    if (nodes != null && nodes.remove(node) && nodes.isEmpty()) {
      seen.remove(peer);
    }
  }

  Set<PeerId> of(PeerId peer) {
    return Set.copyOf(seen.getOrDefault(peer, Set.of()));
  }
}
