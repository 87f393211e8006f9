package dev.culvert.rendezvous.node;

import dev.culvert.sansio.MonotonicTime;
import java.time.Duration;

/** Counts how often something happened lately, and says when it may again. */
final class Bucket {
  private static final long MINUTE = Duration.ofMinutes(1).toNanos();

  private final int perMinute;
  private double left;
  private MonotonicTime at;

  Bucket(int perMinute, MonotonicTime now) {
    this.perMinute = perMinute;
    this.left = perMinute;
    this.at = now;
  }

  private void refill(MonotonicTime now) {
    double passed = (double) now.since(at).toNanos() / MINUTE;
    if (passed > 0) {
      left = Math.min(perMinute, left + passed * perMinute);
      at = now;
    }
  }

  /** Takes one, if there is one. */
  boolean take(MonotonicTime now) {
    refill(now);
    if (left < 1) {
      return false;
    }
    left--;
    return true;
  }

  /** When there will be one. */
  Duration wait(MonotonicTime now) {
    refill(now);
    double missing = Math.max(0, 1 - left);
    return Duration.ofNanos((long) (missing / perMinute * MINUTE));
  }

  /** Whether it is as if it had never been used. */
  boolean isFull(MonotonicTime now) {
    refill(now);
    return left >= perMinute;
  }
}
