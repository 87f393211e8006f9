package dev.culvert.punch;

import dev.culvert.sansio.MonotonicTime;
import java.time.Duration;
import java.util.Arrays;

/** How many there were in the last while; up to one part of 24 of it longer. */
final class Recent {
  private static final int PARTS = 24;

  private final long part;
  private final int[] counts = new int[PARTS + 1];
  private long newest;
  private int total;

  Recent(Duration window, MonotonicTime now) {
    this.part = Math.max(1, window.toNanos() / PARTS);
    this.newest = now.nanos() / part;
  }

  void add(MonotonicTime now) {
    turn(now);
    counts[slot(newest)]++;
    total++;
  }

  int sum(MonotonicTime now) {
    turn(now);
    return total;
  }

  private void turn(MonotonicTime now) {
    long index = now.nanos() / part;
    if (index - newest > PARTS) {
      Arrays.fill(counts, 0);
      total = 0;
    } else {
      for (long each = newest + 1; each <= index; each++) {
        total -= counts[slot(each)];
        counts[slot(each)] = 0;
      }
    }
    newest = Math.max(newest, index);
  }

  private int slot(long index) {
    return Math.floorMod(index, counts.length);
  }
}
