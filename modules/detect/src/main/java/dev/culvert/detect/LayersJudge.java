package dev.culvert.detect;

import dev.culvert.sansio.TransportAddress;
import java.net.InetAddress;
import java.util.Optional;

/** Counts the NATs on the way as far as anybody has said enough. */
final class LayersJudge {
  private LayersJudge() {}

  /**
   * How many NATs translate.
   *
   * @param outside the router's outside address by its own statement
   * @param distance hops to the outermost filter, where it was measured
   */
  static Finding<Integer> layers(
      Finding<Boolean> nat,
      Optional<InetAddress> outside,
      Optional<TransportAddress> reflexive,
      Optional<Integer> distance) {
    if (nat.is(false)) {
      return Finding.known(0);
    }
    if (!nat.is(true) || reflexive.isEmpty()) {
      return Finding.unknown("whether there is a NAT is not known");
    }
    if (outside.isPresent()) {
      return Finding.known(outside.get().equals(reflexive.get().ip()) ? 1 : 2);
    }
    return Finding.unknown(
        "the router did not tell its outside address"
            + distance
                .filter(hops -> hops > 1)
                .map(
                    hops ->
                        ", and the outermost filter is "
                            + hops
                            + " hops away: a second NAT, or a routed network")
                .orElse(""));
  }

  /** Whether a carrier's NAT (RFC 6598) is on the way. */
  static Finding<Boolean> carrierGrade(
      Finding<Boolean> nat, Optional<InetAddress> local, Optional<InetAddress> outside) {
    if (nat.is(false)) {
      return Finding.known(false);
    }
    if (nat.is(true)
        && (local.filter(LayersJudge::isShared).isPresent()
            || outside.filter(LayersJudge::isShared).isPresent())) {
      return Finding.known(true);
    }
    return Finding.unknown("no address on the way is known to be a carrier's");
  }

  /** Shared address space, 100.64.0.0/10 (RFC 6598). */
  private static boolean isShared(InetAddress ip) {
    byte[] bytes = ip.getAddress();
    return bytes.length == 4 && bytes[0] == 100 && (bytes[1] & 0xc0) == 64;
  }
}
