package dev.culvert.turn.server;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Bytes a second that several allocations share (the generic cell rate algorithm). Safe for every
 * thread; of threads that ask in the same instant some may count as one.
 */
final class Bandwidth {
  /** How long a source that was quiet may go at any speed. */
  private static final long BURST_NANOS = 1_000_000_000L;

  private final double nanosPerByte;
  private final AtomicLong full;

  /**
   * A bucket that is full.
   *
   * @param rate bytes a second, at least 1
   * @param now nanoseconds of the clock that {@link #admit} will be told
   */
  Bandwidth(long rate, long now) {
    nanosPerByte = 1e9 / rate;
    full = new AtomicLong(now);
  }

  boolean admit(int bytes, long now) {
    long before = full.get();
    long from = before - now > 0 ? before : now;
    if (from - now > BURST_NANOS) {
      return false;
    }
    full.compareAndSet(before, from + (long) (bytes * nanosPerByte));
    return true;
  }
}
