package dev.culvert.transport.mdns;

import java.util.concurrent.TimeUnit;

/** So many a second and no more. Confined to one thread. */
final class Budget {
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  private final int perSecond;
  private long since;
  private int spent;

  Budget(int perSecond) {
    this.perSecond = perSecond;
  }

  boolean takes(long nanoTime) {
    if (spent == 0 || nanoTime - since >= SECOND) {
      since = nanoTime;
      spent = 0;
    }
    if (spent == perSecond) {
      return false;
    }
    spent++;
    return true;
  }
}
