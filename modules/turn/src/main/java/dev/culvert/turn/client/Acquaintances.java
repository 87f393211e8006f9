package dev.culvert.turn.client;

import dev.culvert.sansio.MonotonicTime;
import dev.culvert.sansio.TransportAddress;
import java.net.InetAddress;
import java.util.LinkedHashSet;
import java.util.Set;

/** The peers that the next allocation is to know: permitted early, or known to the one before. */
final class Acquaintances {
  private final Set<TransportAddress> permitted = new LinkedHashSet<>();
  private final Set<TransportAddress> called = new LinkedHashSet<>();

  void permit(TransportAddress peer) {
    permitted.add(peer);
  }

  void remember(Peers peers) {
    permitted.addAll(peers.permitted());
    called.addAll(peers.called());
  }

  void forget(InetAddress ip) {
    permitted.removeIf(known -> known.ip().equals(ip));
    called.removeIf(known -> known.ip().equals(ip));
  }

  /** Asks for their permissions and channels, and leaves the rest to the allocation. */
  void introduce(Peers peers, MonotonicTime now) {
    permitted.forEach(peer -> peers.permit(peer, now));
    called.forEach(peer -> peers.call(peer, now));
    permitted.clear();
    called.clear();
  }
}
