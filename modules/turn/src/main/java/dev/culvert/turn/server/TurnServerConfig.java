package dev.culvert.turn.server;

import dev.culvert.sansio.TransportAddress;
import java.time.Duration;
import java.util.List;

/**
 * What a relay does.
 *
 * @param policy to whom it relays
 * @param limits how much anybody may have
 * @param lifetime an allocation's where the client asks for nothing (RFC 8656 §7.2), 1 s or more
 * @param maxLifetime the longest that a client gets, at least {@code lifetime}
 * @param dontFragment whether the driver heeds DONT-FRAGMENT; if not, it is an unknown attribute
 * @param tcpAllocations whether TCP is relayed too (RFC 6062)
 * @param alternates where clients are sent when this relay is full or draining (ALTERNATE-SERVER);
 *     of those of the client's IP version, each in turn
 */
public record TurnServerConfig(
    PeerPolicy policy,
    TurnLimits limits,
    Duration lifetime,
    Duration maxLifetime,
    boolean dontFragment,
    boolean tcpAllocations,
    List<TransportAddress> alternates) {
  /** What RFC 8656 §7.2 recommends. */
  public static final Duration STANDARD_LIFETIME = Duration.ofMinutes(10);

  /** What RFC 8656 §7.2 recommends. */
  public static final Duration STANDARD_MAX_LIFETIME = Duration.ofHours(1);

  /** Refuses lifetimes that make no sense. */
  public TurnServerConfig {
    alternates = List.copyOf(alternates);
    if (lifetime.toSeconds() < 1 || maxLifetime.compareTo(lifetime) < 0) {
      throw new IllegalArgumentException(
          "lifetimes of " + lifetime + " and at most " + maxLifetime + " make no sense");
    }
  }

  /** Everything as it is safe and recommended. */
  public static TurnServerConfig standard() {
    return new TurnServerConfig(
        PeerPolicy.standard(),
        TurnLimits.STANDARD,
        STANDARD_LIFETIME,
        STANDARD_MAX_LIFETIME,
        true,
        true,
        List.of());
  }
}
