package dev.culvert.rendezvous.client;

import dev.culvert.identity.PeerId;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** At which nodes others were lately. Of bounded size; whoever was of no interest for long goes. */
final class Whereabouts {
  private static final int MOST_PEERS = 512;
  private static final int MOST_NODES = 3;

  private final Map<PeerId, Set<PeerId>> seen = new LinkedHashMap<>(16, 0.75f, true);
  private final Map<PeerId, PeerId> heard = new HashMap<>();

  /** It spoke through a node: nothing says better where it is now. */
  void heard(PeerId peer, PeerId node) {
    seen(peer, node);
    heard.put(peer, node);
  }

  void seen(PeerId peer, PeerId node) {
    Set<PeerId> nodes = seen.computeIfAbsent(peer, fresh -> new LinkedHashSet<>());
    nodes.remove(node);
    nodes.add(node);
    if (nodes.size() > MOST_NODES) {
      nodes.remove(nodes.iterator().next());
    }
    if (seen.size() > MOST_PEERS) {
      PeerId oldest = seen.keySet().iterator().next();
      seen.remove(oldest);
      heard.remove(oldest);
    }
  }

  void notSeen(PeerId peer, PeerId node) {
    heard.remove(peer, node);
    Set<PeerId> nodes = seen.get(peer);
    if (nodes != null && nodes.remove(node) && nodes.isEmpty()) {
      seen.remove(peer);
    }
  }

  /** Through which node it spoke last. */
  Optional<PeerId> lastHeard(PeerId peer) {
    return Optional.ofNullable(heard.get(peer));
  }

  Set<PeerId> of(PeerId peer) {
    return Set.copyOf(seen.getOrDefault(peer, Set.of()));
  }
}
