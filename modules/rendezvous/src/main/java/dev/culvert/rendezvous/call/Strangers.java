package dev.culvert.rendezvous.call;

import dev.culvert.sansio.MonotonicTime;
import java.time.Duration;

/**
 * How many signals of peers with which there is no call are opened, as each costs a decryption and
 * a signature: 20 a second, and 200 at once.
 */
final class Strangers {
  private static final int MOST = 200;
  private static final Duration EACH = Duration.ofMillis(50);

  private MonotonicTime full = new MonotonicTime(0);
  private boolean used;

  boolean take(MonotonicTime now) {
    MonotonicTime from = used && now.isBefore(full) ? full : now;
    if (from.plus(EACH).since(now).compareTo(EACH.multipliedBy(MOST)) > 0) {
      return false;
    }
    used = true;
    full = from.plus(EACH);
    return true;
  }
}
