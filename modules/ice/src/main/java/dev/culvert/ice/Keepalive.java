package dev.culvert.ice;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long a proven pair may go without a sign of life: no longer than the mappings of the NATs on
 * the way live, as far as that is known.
 */
final class Keepalive {
  private static final Duration SHORTEST = Duration.ofSeconds(1);

  private final RandomGenerator random;
  private final Steps steps;
  private Duration atMost = Duration.ofDays(1);

  Keepalive(RandomGenerator random, Steps steps) {
    this.random = random;
    this.steps = steps;
  }

  /**
   * The wait before the next one.
   *
   * @param inUse whether data goes there: RFC 7675 §5.1 wants four to six seconds, more or less so
   *     that agents do not march in step; this stays below the five that the worst NATs take
   */
  Duration next(boolean inUse) {
    long least = inUse ? 4_000 : 9_600;
    long most = Math.min(inUse ? 4_800 : 14_400, atMost.toMillis());
    least = Math.min(least, most * 4 / 5);
    return Duration.ofMillis(least + random.nextLong(most - least));
  }

  /**
   * Mappings are known to live this long.
   *
   * @return whether that asks for more haste than before
   */
  boolean lifetime(Duration lifetime) {
    return atMost(lifetime.dividedBy(3), "mappings live " + lifetime.toMillis() + " ms");
  }

  /**
   * A mapping was gone after this long without a sign of life. Where that is shorter than any rest
   * that was taken on purpose, something else is the cause.
   *
   * @return whether that asks for more haste than before
   */
  boolean expired(Duration rest) {
    return rest.compareTo(SHORTEST) >= 0
        && atMost(rest.dividedBy(2), "a mapping was gone after " + rest.toMillis() + " ms");
  }

  private boolean atMost(Duration wanted, String why) {
    Duration allowed = wanted.compareTo(SHORTEST) < 0 ? SHORTEST : wanted;
    if (allowed.compareTo(atMost) >= 0) {
      return false;
    }
    atMost = allowed;
    steps.tell(() -> new IceStep.KeepaliveChanged(allowed, why));
    return true;
  }
}
