package dev.culvert.punch;

import dev.culvert.sansio.Flow;
import dev.culvert.sansio.MonotonicTime;
import dev.culvert.sansio.Output;
import java.time.Duration;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** Tries ports of the peer's address from the shared socket, so many a second and in all. */
final class Prober {
  /** How long the last one is given to be answered. */
  private static final Duration GRACE = Duration.ofSeconds(2);

  /** A steady side meets predicted ports early or not at all; further attempts want their share. */
  private static final int SHARES = 3;

  private final PunchAttempt attempt;
  private final Flow flow;
  private final Exchange exchange;
  private final PortHunt hunt;
  private final Duration pace;
  private final int most;
  private MonotonicTime due;
  private int tried;
  private int port;
  private boolean refused;
  private boolean over;

  private Prober(PunchAttempt attempt, Flow flow, Exchange exchange, PortHunt hunt) {
    this.attempt = attempt;
    this.flow = flow;
    this.exchange = exchange;
    this.hunt = hunt;
    this.pace = Duration.ofSeconds(1).dividedBy(attempt.config().perSecond());
    this.due = attempt.start();
    int all = attempt.config().probes();
    boolean steady = attempt.plan().kind() == PunchPlan.Kind.PREDICTION;
    this.most = steady ? Math.max(1, all / SHARES) : all;
  }

  /** A prober, if the plan has this side search and there is something to search for. */
  static Optional<Prober> of(
      PunchAttempt attempt, Flow flow, Exchange exchange, RandomGenerator random) {
    PunchPlan plan = attempt.plan();
    if (!plan.searches()) {
      return Optional.empty();
    }
    Optional<PortHunt> hunt =
        switch (plan.kind()) {
          case PREDICTION -> Optional.of(new Sweep(plan.peer()));
          case DOUBLE_PREDICTION -> Optional.of(new Braid(plan.peer(), random));
          case BIRTHDAY -> Optional.of(new Lottery(plan.peer().ports(), random));
          case NONE, REVERSAL, SIMULTANEOUS_OPEN -> Optional.empty();
        };
    return hunt.map(ports -> new Prober(attempt, flow, exchange, ports));
  }

  /**
   * Tries one, if it is time.
   *
   * @param rests whether not to, because something was found
   */
  void advance(MonotonicTime now, boolean rests) {
    over = isSpent() && !now.isBefore(due.plus(GRACE));
    if (now.isBefore(due) || isSpent()) {
      return;
    }
    if (rests) {
      due = now.plus(pace);
      return;
    }
    if (port == 0) {
      port = hunt.next(now.since(attempt.start()));
    }
    Flow there = flow.to(flow.remote().withPort(port));
    switch (exchange.ask(there, Output.SYSTEM_TTL, now)) {
      case SEND -> {
        tried++;
        port = 0;
      }
      case NEVER -> refused = true;
      case LATER -> {}
    }
    MonotonicTime next = due.plus(pace);
    due = next.isBefore(now) ? now.plus(pace) : next;
  }

  private boolean isSpent() {
    return refused || tried >= most;
  }

  /** Whether no more ports are tried and the last had its time. */
  boolean isOver() {
    return over;
  }

  Optional<MonotonicTime> nextDeadline() {
    if (over) {
      return Optional.empty();
    }
    return Optional.of(isSpent() ? due.plus(GRACE) : due);
  }
}
