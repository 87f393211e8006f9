package dev.culvert.session.meet;

import dev.culvert.punch.PunchConfig;
import dev.culvert.punch.PunchPlan;
import dev.culvert.sansio.MonotonicTime;
import java.time.Duration;

/**
 * When two that cannot talk to each other try again together: at the agreed moment, and a fixed
 * time after it, and so on.
 *
 * @param start the agreed moment
 * @param period from one to the next: where ports are searched as long as an address that does not
 *     answer is to rest; else longer than NATs remember a packet that nobody asked for
 * @param length how long an attempt lasts
 * @param most how many there are
 */
record BareRounds(MonotonicTime start, Duration period, Duration length, int most) {
  private static final Duration BRIEF = Duration.ofSeconds(10);

  /** Less is not worth joining. */
  private static final Duration LEAST = Duration.ofSeconds(2);

  static BareRounds of(PunchPlan plan, PunchConfig config, MonotonicTime start) {
    Duration patience = config.patience();
    return switch (plan.kind()) {
      // Each attempt moves what the other side would have to predict.
      case DOUBLE_PREDICTION -> new BareRounds(start, Duration.ofMinutes(2), patience, 1);
      case PREDICTION, BIRTHDAY ->
          new BareRounds(start, Duration.ofMinutes(2), patience, Integer.MAX_VALUE);
      default ->
          new BareRounds(
              start,
              Duration.ofMinutes(1),
              patience.compareTo(BRIEF) < 0 ? patience : BRIEF,
              Integer.MAX_VALUE);
    };
  }

  /** The first that is not over, or all but over, by then. */
  long next(MonotonicTime now) {
    Duration half = length.dividedBy(2);
    Duration least = half.compareTo(LEAST) < 0 ? half : LEAST;
    Duration late = now.since(start).minus(length).plus(least);
    return late.isNegative() ? 0 : late.toNanos() / period.toNanos() + 1;
  }

  MonotonicTime begin(long round) {
    return start.plus(period.multipliedBy(round));
  }

  MonotonicTime end(long round) {
    return begin(round).plus(length);
  }

  boolean has(long round) {
    return round < most;
  }
}
