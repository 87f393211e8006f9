package dev.culvert.rendezvous.call;

import java.time.Duration;

/**
 * How long calls wait, and how many there are.
 *
 * @param patience how long the other side may be silent before a call is agreed on and described
 * @param ringing how long somebody may be asked
 * @param callsPerPeer with one peer at once; up to four times as many with those that ended here a
 *     moment ago
 * @param asked incoming ones about which nobody has decided
 * @param calls with all peers at once
 */
public record CallConfig(
    Duration patience, Duration ringing, int callsPerPeer, int asked, int calls) {
  /** For people. */
  public static final CallConfig STANDARD =
      new CallConfig(Duration.ofSeconds(30), Duration.ofSeconds(60), 4, 32, 256);

  /** Refuses what is not positive. */
  public CallConfig {
    if (patience.isNegative() || patience.isZero() || ringing.isNegative() || ringing.isZero()) {
      throw new IllegalArgumentException("a time to wait is positive");
    }
    if (callsPerPeer < 1 || asked < 1 || calls < 1) {
      throw new IllegalArgumentException("there is room for one call or more");
    }
  }
}
