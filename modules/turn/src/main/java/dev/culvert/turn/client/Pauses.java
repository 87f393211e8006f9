package dev.culvert.turn.client;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * Pauses before something is tried again: each about twice as long as the one before, and never the
 * same for all clients, who may have been refused in the same moment.
 */
final class Pauses {
  private final Duration first;
  private final Duration longest;
  private final RandomGenerator random;
  private Duration next;

  /**
   * None taken yet.
   *
   * @param longest where they stop growing; chance adds up to a quarter to each
   */
  Pauses(Duration first, Duration longest, RandomGenerator random) {
    this.first = first;
    this.longest = longest;
    this.random = random;
    this.next = first;
  }

  /** How long to leave it alone this time. */
  Duration next() {
    Duration pause = next;
    Duration twice = next.multipliedBy(2);
    next = twice.compareTo(longest) > 0 ? longest : twice;
    return pause.plus(Duration.ofNanos(random.nextLong(pause.toNanos() / 4)));
  }

  void reset() {
    next = first;
  }
}
