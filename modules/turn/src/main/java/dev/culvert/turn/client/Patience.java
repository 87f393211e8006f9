package dev.culvert.turn.client;

import dev.culvert.stun.attribute.ErrorCode;
import java.time.Duration;
import java.util.random.RandomGenerator;

/** For how long a server is left alone that has no allocation to give, or has lost one. */
final class Patience {
  /** An allocation that stood for so long was no mere flicker: the next loss begins anew. */
  static final Duration PROBATION = Duration.ofMinutes(5);

  /** Who gave up three ports of a server stays away for so long (RFC 8656 §7.4). */
  private static final Duration AFTER_MISMATCH = Duration.ofMinutes(2);

  private final Pauses losses;
  private final Pauses refusals;

  Patience(RandomGenerator random) {
    losses = new Pauses(Duration.ofSeconds(1), Duration.ofMinutes(5), random);
    refusals = new Pauses(Duration.ofMinutes(1), Duration.ofMinutes(10), random);
  }

  /** The server has nothing to give, and wants a minute at least (RFC 8656 §7.4). */
  Duration afterRefusal() {
    return refusals.next();
  }

  /** The allocation is gone. */
  Duration afterLoss() {
    return losses.next();
  }

  /** An attempt to get another came to nothing. */
  Duration afterFailure(int code) {
    Duration pause = losses.next();
    boolean mismatch = code == ErrorCode.ALLOCATION_MISMATCH;
    return mismatch && pause.compareTo(AFTER_MISMATCH) < 0 ? AFTER_MISMATCH : pause;
  }

  /** Whether the server will say the same tomorrow, whatever happens in the meantime. */
  static boolean isHopeless(int code) {
    return code >= ErrorCode.BAD_REQUEST
        && code < ErrorCode.SERVER_ERROR
        && code != ErrorCode.ALLOCATION_MISMATCH
        && code != ErrorCode.STALE_NONCE
        && code != ErrorCode.ALLOCATION_QUOTA_REACHED;
  }

  void reset() {
    losses.reset();
    refusals.reset();
  }
}
