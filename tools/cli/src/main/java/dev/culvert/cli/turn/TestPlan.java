package dev.culvert.cli.turn;

import dev.culvert.detect.IpFamily;
import dev.culvert.sansio.ServerIdentity;
import dev.culvert.stun.StunUri;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What to find out about relays.
 *
 * @param ways the ways to speak to them, in this order, at least one
 * @param families over which versions of IP, at least one
 * @param relayed for which versions of IP relayed addresses are wanted, at least one
 * @param relayedDemanded whether a relay without one of these fails
 * @param user who asks
 * @param realm what the relay must call its realm; empty for whatever it says
 * @param echo what goes through it
 * @param deadline how long each step may take
 * @param limit how long all of it may take
 */
record TestPlan(
    List<Way> ways,
    Set<IpFamily> families,
    Set<IpFamily> relayed,
    boolean relayedDemanded,
    RelayUser user,
    Optional<String> realm,
    EchoPlan echo,
    Duration deadline,
    Duration limit) {

  /**
   * One way to speak to a relay.
   *
   * @param uri where it is, and how
   * @param identity who it must prove to be over TLS and DTLS
   * @param demanded whether it must work
   */
  record Way(StunUri uri, ServerIdentity identity, boolean demanded) {}

  /**
   * What goes through a relay.
   *
   * @param peer from whom it comes back
   * @param count how many datagrams, 1 to 10,000
   * @param size their bytes, {@link EchoSeries#SHORTEST} to 9000
   * @param interval the time between two of them
   * @param throughput how long to send as fast as they come back; empty: not at all
   */
  record EchoPlan(
      PeerChoice peer, int count, int size, Duration interval, Optional<Duration> throughput) {}

  TestPlan {
    ways = List.copyOf(ways);
    families = Set.copyOf(families);
    relayed = Set.copyOf(relayed);
  }
}
