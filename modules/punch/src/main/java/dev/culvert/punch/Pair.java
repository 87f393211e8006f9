package dev.culvert.punch;

import dev.culvert.sansio.Flow;
import dev.culvert.sansio.MonotonicTime;
import dev.culvert.sansio.TransportAddress;
import java.time.Duration;
import java.util.Optional;

/** A socket and an address of the peer from which something proven has come. */
final class Pair {
  private static final Duration SHORTEST_REST = Duration.ofMillis(20);
  private static final Duration FIRST_REST = Duration.ofMillis(50);
  private static final Duration LONGEST_REST = Duration.ofMillis(500);
  private static final int TRIES = 12;

  final Flow flow;
  private Optional<MonotonicTime> asked = Optional.empty();
  private Duration rest = FIRST_REST;
  private int tries;
  private MonotonicTime due;

  /** Whether a request of this side was answered. */
  boolean answered;

  /** Whether the leading side has said that it is the one. */
  boolean used;

  /** Whether the other side has heard that. */
  boolean agreed;

  Optional<TransportAddress> seen = Optional.empty();
  Duration roundTrip = Duration.ZERO;

  Pair(Flow flow, MonotonicTime now) {
    this.flow = flow;
    this.due = now;
  }

  /** Has it asked at once, or soon if it was asked just now. */
  void hurry(MonotonicTime now) {
    MonotonicTime soonest = asked.map(at -> at.plus(SHORTEST_REST)).orElse(now);
    due = soonest.isBefore(now) ? now : soonest;
  }

  /** Has it asked at once. */
  void force(MonotonicTime now) {
    due = now;
  }

  boolean isDue(MonotonicTime now) {
    return !now.isBefore(due);
  }

  MonotonicTime due() {
    return due;
  }

  void asked(MonotonicTime now) {
    tries++;
    asked = Optional.of(now);
    due = now.plus(rest);
    Duration longer = rest.multipliedBy(2);
    rest = longer.compareTo(LONGEST_REST) > 0 ? LONGEST_REST : longer;
  }

  /** Whether it was asked so often that no answer will come. */
  boolean isHopeless() {
    return tries >= TRIES;
  }
}
