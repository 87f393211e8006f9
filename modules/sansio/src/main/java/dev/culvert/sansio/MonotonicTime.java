package dev.culvert.sansio;

import java.time.Duration;

/**
 * A moment on a clock that never goes back and has no relation to the wall clock.
 *
 * @param nanos nanoseconds since an arbitrary origin; compare only moments of one clock
 */
public record MonotonicTime(long nanos) implements Comparable<MonotonicTime> {

  /** The moment {@code duration} after this one; negative durations lead back. */
  public MonotonicTime plus(Duration duration) {
    return new MonotonicTime(nanos + duration.toNanos());
  }

  /** The time from {@code earlier} to this moment; negative if this one comes first. */
  public Duration since(MonotonicTime earlier) {
    return Duration.ofNanos(nanos - earlier.nanos);
  }

  /** Whether this moment lies before {@code other}. */
  public boolean isBefore(MonotonicTime other) {
    return compareTo(other) < 0;
  }

  /** Orders by time, also across an overflow of the counter, as {@link System#nanoTime} asks. */
  @Override
  public int compareTo(MonotonicTime other) {
    return Long.signum(nanos - other.nanos);
  }
}
