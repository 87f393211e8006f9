package dev.culvert.ice;

import dev.culvert.sansio.MonotonicTime;
import dev.culvert.sansio.Output;
import java.time.Duration;
import java.util.Comparator;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Sends checks, one at a time and Ta apart (RFC 8445 §6.1.4.2): new ones first, then those that are
 * unanswered, which go more slowly.
 */
final class Sending {
  private final Checking checking;
  private final Connections connections;
  private final Consumer<Output> out;
  private Duration firstWait = Check.FIRST_WAIT;
  private MonotonicTime nextSlot = new MonotonicTime(0);
  private MonotonicTime nextRepeat = new MonotonicTime(0);

  Sending(Checking checking, Connections connections, Consumer<Output> out) {
    this.checking = checking;
    this.connections = connections;
    this.out = out;
  }

  /** Sends what may leave now. */
  void next(MonotonicTime now) {
    Round round = checking.round();
    if (round.checks().isEmpty() || now.isBefore(nextSlot)) {
      return;
    }
    if (proveNext(round, now) || beginNext(round, now) || now.isBefore(nextRepeat)) {
      return;
    }
    round.checks().get().due(now).stream()
        .filter(check -> !check.isLast())
        .filter(checking::isWanted)
        .min(Comparator.comparing(Check::due))
        .ifPresent(
            check -> {
              transmit(round, check, now);
              took(round, now);
            });
  }

  /** Whether a pair is to be proven to carry large datagrams: data may wait for it. */
  private boolean proveNext(Round round, MonotonicTime now) {
    Optional<Valid> next = checking.nextToProve(now);
    next.ifPresent(
        valid -> {
          // Who controls would have both stay where perhaps nothing large arrives.
          boolean haste =
              checking.role() == IceRole.CONTROLLING
                  && checking.path(valid.pair()).used().filter(valid::equals).isPresent();
          size(valid, haste, now);
          took(round, now);
        });
    return next.isPresent();
  }

  /**
   * Asks with a padded check whether a path carries large datagrams.
   *
   * @param haste whether less patience is in order, since data goes there
   */
  void size(Valid valid, boolean haste, MonotonicTime now) {
    Round its = valid.round();
    Optional<Checks> checks = its.checks().filter(all -> !all.isSizing(valid.pair()));
    if (checks.isPresent()) {
      Check check =
          checks.get().begin(valid.pair(), CheckPurpose.SIZE, Optional.empty(), checking, now);
      transmit(its, haste ? check.inHaste() : check, now);
    }
  }

  /** Whether there was a new one to send. */
  private boolean beginNext(Round round, MonotonicTime now) {
    for (Optional<Pair> next = round.next(checking::isWanted);
        next.isPresent();
        next = round.next(checking::isWanted)) {
      if (begin(round, next.get(), now)) {
        took(round, now);
        return true;
      }
    }
    return false;
  }

  /** Something took the present slot. */
  private void took(Round round, MonotonicTime now) {
    nextSlot = now.plus(round.pacing());
    nextRepeat = now.plus(round.repeatPacing());
  }

  /** Whether that took the turn of a pair: something left. */
  private boolean begin(Round round, Pair pair, MonotonicTime now) {
    if (pair.isWaitingForPeer()) {
      pair.failed("the other side has no connection to it");
      return false;
    }
    boolean opens = !pair.isConnected() && !connections.isOpening(pair);
    if (opens && !pair.mayConnect()) {
      pair.failed("its connections do not last");
      return false;
    }
    round.checks().get().silence(pair);
    pair.is(PairState.IN_PROGRESS, "its turn");
    if (pair.isConnected()) {
      send(round, pair, CheckPurpose.ORDINARY, now);
    } else if (opens) {
      connections.open(round, pair, now);
    }
    return true;
  }

  /** Sends a check of a pair that has what it goes on. */
  void send(Round its, Pair pair, CheckPurpose purpose, MonotonicTime now) {
    if (its.checks().isPresent()) {
      transmit(its, its.checks().get().begin(pair, purpose, Optional.empty(), checking, now), now);
    }
  }

  /** Tells the peer to use a pair that works (RFC 8445 §8.1.1). */
  void nominate(Pair pair, Optional<Nomination> number, MonotonicTime now) {
    Round round = checking.round();
    Checks checks = round.checks().orElseThrow();
    transmit(round, checks.begin(pair, CheckPurpose.NOMINATION, number, checking, now), now);
    took(round, now);
  }

  private void transmit(Round its, Check check, MonotonicTime now) {
    check.sent(now, firstWait, its.leastWait());
    out.accept(
        new Output.Send(
            check.pair().flow(), check.request().wire(), Output.SYSTEM_TTL, check.isPadded()));
  }

  /**
   * A server answered after {@code took}. Peers are hardly nearer, often not much further; a check
   * that the other side's NAT dropped, since it was not open yet, is lost time until it is
   * repeated.
   */
  void answered(Duration took) {
    Duration wait = took.multipliedBy(3);
    if (wait.compareTo(firstWait) < 0) {
      firstWait = wait.compareTo(Check.LEAST_FIRST_WAIT) < 0 ? Check.LEAST_FIRST_WAIT : wait;
    }
  }

  /** No check leaves before it. */
  MonotonicTime nextSlot() {
    return nextSlot;
  }

  /** No check is sent again before it. */
  MonotonicTime nextRepeat() {
    return nextRepeat;
  }
}
