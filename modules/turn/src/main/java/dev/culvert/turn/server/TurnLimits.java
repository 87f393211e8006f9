package dev.culvert.turn.server;

/**
 * How much of a relay anybody may have. Clients on loopback addresses count toward {@link
 * #allocations} only.
 *
 * @param allocations at once over all loops; at least 1
 * @param allocationsPerUser at once for one user; 0: no limit
 * @param allocationsPerPrefix at once for one client prefix, of 24 bits of IPv4 or 56 of IPv6; 0:
 *     no limit
 * @param permissions at once for one allocation, channels included; at least 1
 * @param connections at once for one TCP allocation (RFC 6062), pending ones included; at least 1
 * @param bandwidthPerUser bytes a second that a user's allocations may relay, both directions
 *     together; 0: no limit
 * @param bandwidthPerPrefix the same for the clients of one prefix; 0: no limit
 */
public record TurnLimits(
    int allocations,
    int allocationsPerUser,
    int allocationsPerPrefix,
    int permissions,
    int connections,
    long bandwidthPerUser,
    long bandwidthPerPrefix) {
  /** What a public relay stands without being asked. */
  public static final TurnLimits STANDARD = new TurnLimits(10_000, 1_000, 250, 128, 64, 0, 0);

  /** Refuses values out of range. */
  public TurnLimits {
    if (allocations < 1 || permissions < 1 || connections < 1) {
      throw new IllegalArgumentException("a relay grants at least one of each");
    }
    if (allocationsPerUser < 0
        || allocationsPerPrefix < 0
        || bandwidthPerUser < 0
        || bandwidthPerPrefix < 0) {
      throw new IllegalArgumentException("a limit is not negative");
    }
  }
}
