package dev.culvert.turn.server;

import dev.culvert.stun.StunMessage;
import dev.culvert.stun.attribute.Lifetime;

/** How long allocations live (RFC 8656 §7.2, §8.2). */
final class Lifetimes {
  private static final long NANOS = 1_000_000_000L;

  private final long standard;
  private final long most;

  Lifetimes(TurnServerConfig config) {
    standard = config.lifetime().toSeconds();
    most = config.maxLifetime().toSeconds();
  }

  /** Seconds that are granted to a request which does not ask for an end. */
  long granted(StunMessage request) {
    long wanted = request.first(Lifetime.class).map(Lifetime::seconds).orElse(standard);
    return Math.max(standard, Math.min(wanted, most));
  }

  static boolean asksForEnd(StunMessage request) {
    return request.first(Lifetime.class).filter(lifetime -> lifetime.seconds() == 0).isPresent();
  }

  static long after(long now, long seconds) {
    return now + seconds * NANOS;
  }
}
