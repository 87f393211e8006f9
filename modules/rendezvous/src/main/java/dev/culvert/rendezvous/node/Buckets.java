package dev.culvert.rendezvous.node;

import dev.culvert.sansio.MonotonicTime;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A bucket for each of those who use one. Those that are full again are forgotten, and beyond a
 * bound the one that was used longest ago.
 *
 * @param <K> who
 */
final class Buckets<K> {
  private static final int MOST = 100_000;
  private static final int SWEEP = 4;

  private final int perMinute;
  private final Map<K, Bucket> buckets = new LinkedHashMap<>(16, 0.75f, true);

  Buckets(int perMinute) {
    this.perMinute = perMinute;
  }

  boolean take(K who, MonotonicTime now) {
    forgetSome(now);
    return buckets.computeIfAbsent(who, fresh -> new Bucket(perMinute, now)).take(now);
  }

  Duration wait(K who, MonotonicTime now) {
    Bucket bucket = buckets.get(who);
    return bucket == null ? Duration.ZERO : bucket.wait(now);
  }

  /** How many are not forgotten. */
  int size() {
    return buckets.size();
  }

  /** A few a time keep pace with those that come. */
  private void forgetSome(MonotonicTime now) {
    Iterator<Bucket> oldest = buckets.values().iterator();
    for (int i = 0; i < SWEEP && oldest.hasNext(); i++) {
      if (oldest.next().isFull(now) || buckets.size() > MOST) {
        oldest.remove();
      } else {
        return;
      }
    }
  }
}
