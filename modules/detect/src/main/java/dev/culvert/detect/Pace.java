package dev.culvert.detect;

import java.time.Duration;

/** How quickly a test is tried again. */
enum Pace {
  /**
   * For tests whose silence is an answer: enough tries at once, and on as long as it is unclear.
   */
  PRESSING(35, 8, 110, 120),
  /** For questions that are asked twice in any case. */
  TWICE(20, 2, 110, 20),
  /** For questions that need one answer. */
  CALM(90, 4, 200, 14),
  /** For the heartbeat that tells whether the network is there. */
  BEAT(45, 0, 45, 20_000);

  private final Duration first;
  private final int quick;
  private final Duration later;
  private final int most;

  Pace(long firstMillis, int quick, long laterMillis, int most) {
    this.first = Duration.ofMillis(firstMillis);
    this.quick = quick;
    this.later = Duration.ofMillis(laterMillis);
    this.most = most;
  }

  /** The wait after that many tries. */
  Duration after(int tries) {
    return tries < quick ? first : later;
  }

  /** The most tries there are. */
  int most() {
    return most;
  }
}
