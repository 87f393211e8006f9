package dev.culvert.lab.wire;

import java.util.OptionalLong;
import java.util.SplittableRandom;

/** Decides what becomes of each frame that goes one way along one link. */
final class Direction {
  private static final int MOST_WAITING = 10_000;

  private final long delay;
  private final long jitter;
  private final double loss;
  private final long bitsPerSecond;
  private final SplittableRandom random;
  private long idleAt = Long.MIN_VALUE;
  private int waiting;

  Direction(long delay, long jitter, double loss, long bitsPerSecond, long seed) {
    this.delay = delay;
    this.jitter = jitter;
    this.loss = loss;
    this.bitsPerSecond = bitsPerSecond;
    this.random = new SplittableRandom(seed);
  }

  /** When a frame of so many bytes that came now arrives, in nanoseconds; empty if it is lost. */
  OptionalLong admit(long now, int bytes) {
    if (random.nextDouble() < loss || waiting >= MOST_WAITING) {
      return OptionalLong.empty();
    }
    long leaves = now;
    if (bitsPerSecond > 0) {
      long starts = idleAt == Long.MIN_VALUE ? now : Math.max(now, idleAt);
      idleAt = starts + (long) (bytes * 8e9 / bitsPerSecond);
      leaves = idleAt;
    }
    long deviation = jitter == 0 ? 0 : random.nextLong(-jitter, jitter + 1);
    waiting++;
    return OptionalLong.of(leaves + delay + deviation);
  }

  /** A frame that was admitted has left. */
  void left() {
    waiting--;
  }
}
