package dev.culvert.turn.client;

import dev.culvert.sansio.MonotonicTime;
import java.net.InetAddress;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.random.RandomGenerator;

/** Peers that the relay does not want, and until when it is not asked about them again. */
final class Refusals {
  private static final Duration FIRST = Duration.ofMillis(500);
  private static final Duration LONGEST = Duration.ofMinutes(5);
  private static final int MOST = 1024;

  private final RandomGenerator random;
  private final Map<InetAddress, Refusal> refusals = new LinkedHashMap<>();

  private static final class Refusal {
    final Pauses pauses;
    MonotonicTime until;

    Refusal(Pauses pauses, MonotonicTime until) {
      this.pauses = pauses;
      this.until = until;
    }
  }

  Refusals(RandomGenerator random) {
    this.random = random;
  }

  /** The relay said no, once more perhaps. */
  void refused(InetAddress ip, MonotonicTime now) {
    Refusal known = refusals.remove(ip);
    if (known == null) {
      forgetTheOldest();
      known = new Refusal(new Pauses(FIRST, LONGEST, random), now);
    }
    known.until = now.plus(known.pauses.next());
    refusals.put(ip, known);
  }

  private void forgetTheOldest() {
    if (refusals.size() >= MOST) {
      refusals.remove(refusals.keySet().iterator().next());
    }
  }

  void granted(InetAddress ip) {
    refusals.remove(ip);
  }

  /** When the relay may be asked about this address: now, or later. */
  MonotonicTime earliest(InetAddress ip, MonotonicTime now) {
    Refusal known = refusals.get(ip);
    return known == null || known.until.isBefore(now) ? now : known.until;
  }
}
