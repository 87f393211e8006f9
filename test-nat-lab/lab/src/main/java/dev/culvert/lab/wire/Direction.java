package dev.culvert.lab.wire;

import java.util.OptionalLong;
import java.util.SplittableRandom;

/** Decides what becomes of each frame that goes one way along one link. */
final class Direction {
  private static final int MOST_WAITING = 10_000;

  private final Impairments link;
  private final SplittableRandom random;
  private long idleAt = Long.MIN_VALUE;
  private int waiting;
  private boolean cut;

  Direction(Impairments link, long seed) {
    this.link = link;
    this.random = new SplittableRandom(seed);
  }

  /** When a frame of so many bytes that came now arrives, in nanoseconds; empty if it is lost. */
  OptionalLong admit(long now, int bytes) {
    if (random.nextDouble() < link.loss()) {
      return OptionalLong.empty();
    }
    return enqueue(now, bytes);
  }

  /** When the same frame arrives once more; empty if it does not, as nearly always. */
  OptionalLong admitAgain(long now, int bytes) {
    if (link.duplication() == 0 || random.nextDouble() >= link.duplication()) {
      return OptionalLong.empty();
    }
    return enqueue(now, bytes);
  }

  private OptionalLong enqueue(long now, int bytes) {
    if (waiting >= MOST_WAITING) {
      return OptionalLong.empty();
    }
    long leaves = now;
    if (link.bitsPerSecond() > 0) {
      long starts = idleAt == Long.MIN_VALUE ? now : Math.max(now, idleAt);
      idleAt = starts + (long) (bytes * 8e9 / link.bitsPerSecond());
      leaves = idleAt;
    }
    waiting++;
    if (link.reordering() > 0 && random.nextDouble() < link.reordering()) {
      return OptionalLong.of(leaves);
    }
    long deviation = link.jitter() == 0 ? 0 : random.nextLong(-link.jitter(), link.jitter() + 1);
    return OptionalLong.of(leaves + link.delay() + deviation);
  }

  /** A frame that was admitted has left. */
  void left() {
    waiting--;
  }

  /** What is still on its way is lost. */
  void cut() {
    cut = true;
  }

  boolean isCut() {
    return cut;
  }
}
