package dev.culvert.examples.swarm;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** So many bytes a second for all who ask, in the order in which they come. Safe for any thread. */
final class UploadRate {
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  private final long bytesPerSecond;
  private long next = System.nanoTime();

  /**
   * A rate.
   *
   * @param bytesPerSecond 0: any amount
   */
  UploadRate(long bytesPerSecond) {
    this.bytesPerSecond = bytesPerSecond;
  }

  /** Waits until so many more bytes may go. */
  void await(int bytes) {
    if (bytesPerSecond > 0) {
      long turn = turn(bytes);
      for (long left = turn - System.nanoTime(); left > 0; left = turn - System.nanoTime()) {
        LockSupport.parkNanos(left);
        if (Thread.currentThread().isInterrupted()) {
          return;
        }
      }
    }
  }

  private synchronized long turn(int bytes) {
    next = Math.max(next, System.nanoTime()) + bytes * SECOND / bytesPerSecond;
    return next;
  }
}
