package dev.culvert.punch;

import dev.culvert.sansio.Flow;
import dev.culvert.sansio.MonotonicTime;
import dev.culvert.sansio.Output;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Asks at the address that is known of the peer, from the shared socket: often at first, then twice
 * a second. An opener with few hops goes ahead, where the system can.
 */
final class Knocker {
  private static final Duration SHORTEST = Duration.ofMillis(25);
  private static final Duration LONGEST_FIRST = Duration.ofMillis(200);
  private static final Duration LONGEST = Duration.ofMillis(500);

  private final PunchAttempt attempt;
  private final Flow flow;
  private final Exchange exchange;
  private Duration rest;
  private @Nullable MonotonicTime due;

  Knocker(PunchAttempt attempt, Flow flow, Exchange exchange) {
    this.attempt = attempt;
    this.flow = flow;
    this.exchange = exchange;
    Duration half = attempt.roundTrip().map(trip -> trip.dividedBy(2)).orElse(SHORTEST);
    Duration first = half.compareTo(SHORTEST) < 0 ? SHORTEST : half;
    this.rest = first.compareTo(LONGEST_FIRST) > 0 ? LONGEST_FIRST : first;
  }

  /** Whether the address is worth it: a search goes elsewhere, and each packet may take a port. */
  private boolean isWanted() {
    return switch (attempt.plan().kind()) {
      case NONE, DOUBLE_PREDICTION -> false;
      case REVERSAL, SIMULTANEOUS_OPEN -> true;
      case PREDICTION, BIRTHDAY -> attempt.plan().stands();
    };
  }

  void begin(MonotonicTime now) {
    if (!isWanted()) {
      return;
    }
    due = now.isBefore(attempt.start()) ? attempt.start() : now;
    int ttl = attempt.config().openerTtl();
    if (ttl > 0 && attempt.shared().ttl() && now.isBefore(attempt.start())) {
      exchange.ask(flow, ttl, now);
    }
  }

  /**
   * Asks, if it is time.
   *
   * @param rests whether not to, because something was found
   */
  void advance(MonotonicTime now, boolean rests) {
    if (due == null || now.isBefore(due)) {
      return;
    }
    if (!rests) {
      exchange.ask(flow, Output.SYSTEM_TTL, now);
    }
    due = now.plus(rest);
    Duration longer = rest.multipliedBy(2);
    rest = longer.compareTo(LONGEST) > 0 ? LONGEST : longer;
  }

  Optional<MonotonicTime> nextDeadline() {
    return Optional.ofNullable(due);
  }
}
