package dev.culvert.turn.server;

import dev.culvert.sansio.Transport;
import java.util.ArrayList;
import java.util.List;

/**
 * A kind of allocation.
 *
 * @param client how its client speaks
 * @param ipv4 whether it has a relayed address of IPv4
 * @param ipv6 whether it has one of IPv6
 */
public record AllocationKind(Transport client, boolean ipv4, boolean ipv6) {
  /** What clients speak TURN over (RFC 8656 §3.1). */
  private static final List<Transport> OVER =
      List.of(Transport.UDP, Transport.TCP, Transport.TLS, Transport.DTLS);

  /** All that there can be. */
  static final List<AllocationKind> ALL = all();

  /** The one object of a kind. */
  static AllocationKind of(Transport client, boolean ipv4, boolean ipv6) {
    return ALL.get(ALL.indexOf(new AllocationKind(client, ipv4, ipv6)));
  }

  private static List<AllocationKind> all() {
    List<AllocationKind> all = new ArrayList<>();
    for (Transport transport : OVER) {
      all.add(new AllocationKind(transport, true, false));
      all.add(new AllocationKind(transport, false, true));
      all.add(new AllocationKind(transport, true, true));
    }
    return List.copyOf(all);
  }
}
