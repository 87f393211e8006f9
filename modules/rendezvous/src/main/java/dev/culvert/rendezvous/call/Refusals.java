package dev.culvert.rendezvous.call;

import dev.culvert.identity.PeerId;
import dev.culvert.sansio.MonotonicTime;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** Who was told lately that there is no room: each at most once in 8 seconds, and 512 in all. */
final class Refusals {
  private static final Duration EACH = Duration.ofSeconds(8);
  private static final int MOST = 512;

  private final Map<PeerId, MonotonicTime> until = new LinkedHashMap<>();

  /** Whether this one may be told now; from now on it was. */
  boolean take(PeerId peer, MonotonicTime now) {
    until.values().removeIf(end -> !now.isBefore(end));
    if (until.containsKey(peer) || until.size() >= MOST) {
      return false;
    }
    until.put(peer, now.plus(EACH));
    return true;
  }
}
