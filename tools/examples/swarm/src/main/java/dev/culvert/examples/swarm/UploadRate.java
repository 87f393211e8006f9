package dev.culvert.examples.swarm;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/** So many bytes a second for all who ask, in the order in which they come. Safe for any thread. */
final class UploadRate {
  /** Whatever the path takes. */
  static final UploadRate ANY = new UploadRate(0, System::nanoTime);

  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  private final long bytesPerSecond;
  private final LongSupplier nanos;
  private long next;

  /**
   * A rate.
   *
   * @param bytesPerSecond 0: any amount
   * @param nanos a clock as {@link System#nanoTime}
   */
  UploadRate(long bytesPerSecond, LongSupplier nanos) {
    this.bytesPerSecond = bytesPerSecond;
    this.nanos = nanos;
    this.next = nanos.getAsLong();
  }

  /** Waits until so many more bytes may go, or the thread is interrupted. */
  void await(int bytes) {
    if (bytesPerSecond > 0) {
      long turn = turn(bytes);
      for (long left = turn - nanos.getAsLong();
          left > 0 && !Thread.currentThread().isInterrupted();
          left = turn - nanos.getAsLong()) {
        LockSupport.parkNanos(left);
      }
    }
  }

  /** When they may go; the next ones may later. */
  synchronized long turn(int bytes) {
    long now = nanos.getAsLong();
    if (next - now < 0) {
      next = now;
    }
    next += bytes * SECOND / bytesPerSecond;
    return next;
  }
}
