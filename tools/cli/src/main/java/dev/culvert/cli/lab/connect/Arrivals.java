package dev.culvert.cli.lab.connect;

import dev.culvert.sansio.MonotonicTime;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What came of the other side's {@link Records}: whether one is missing, came twice or is damaged,
 * and how long nothing came. Confined to one thread at a time.
 */
final class Arrivals {
  private final byte[] record = new byte[Records.SIZE];
  private int filled;
  private long next;
  private long heard;
  private long lost;
  private long doubled;
  private long damaged;
  private Duration gap = Duration.ZERO;
  private Optional<MonotonicTime> last = Optional.empty();

  /** Takes what came next, of any length. */
  void take(byte[] bytes, int length, MonotonicTime now) {
    gap = gap(now);
    last = Optional.of(now);
    int from = 0;
    while (from < length) {
      int some = Math.min(length - from, Records.SIZE - filled);
      System.arraycopy(bytes, from, record, filled, some);
      from += some;
      filled += some;
      if (filled == Records.SIZE) {
        filled = 0;
        count(Records.number(record));
      }
    }
  }

  private void count(OptionalLong number) {
    if (number.isEmpty()) {
      damaged++;
      return;
    }
    heard++;
    long its = number.getAsLong();
    if (its < next) {
      doubled++;
    } else {
      lost += its - next;
      next = its + 1;
    }
  }

  /** When something came last. */
  Optional<MonotonicTime> last() {
    return last;
  }

  /** The longest time without anything since the first record, the present one included. */
  Duration gap(MonotonicTime now) {
    Duration silence = last.map(now::since).orElse(Duration.ZERO);
    return silence.compareTo(gap) > 0 ? silence : gap;
  }

  long heard() {
    return heard;
  }

  long lost() {
    return lost;
  }

  long doubled() {
    return doubled;
  }

  long damaged() {
    return damaged;
  }
}
