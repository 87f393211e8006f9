package dev.culvert.it;

import java.time.Duration;

/** How long a helper may take before the test says so. */
final class Limits {
  /** For what takes milliseconds on an idle machine. */
  static final Duration PROMPT = Duration.ofSeconds(60);

  /** For what takes seconds on an idle machine. */
  static final Duration SLOW = Duration.ofMinutes(3);

  private Limits() {}
}
