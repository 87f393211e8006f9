package dev.culvert.ice;

import dev.culvert.sansio.MonotonicTime;

/** What becomes of checks and paths as time passes. */
final class Ageing {
  private final Checking checking;

  Ageing(Checking checking) {
    this.checking = checking;
  }

  void advance(MonotonicTime now) {
    checking.rounds().forEach(each -> giveUp(each, now));
    checking.connections().advance(now);
    knockAgain();
    keep(now);
  }

  /** Ends the checks that nobody answered in time. */
  private void giveUp(Round its, MonotonicTime now) {
    if (its.checks().isEmpty()) {
      return;
    }
    Checks checks = its.checks().get();
    for (Check check : checks.due(now)) {
      if (check.isLast() || !checking.isWanted(check)) {
        checks.forget(check);
        if (check.purpose() == CheckPurpose.SIZE) {
          if (check.isExhausted()) {
            checking.unsized(check, now);
          }
          continue;
        }
        boolean over =
            check.purpose() != CheckPurpose.CONSENT
                && check.pair().state() == PairState.IN_PROGRESS
                && !checks.isUnderWay(check.pair());
        if (over) {
          check.pair().failed(check.pair().hint().orElse("no answer"));
        }
      }
    }
  }

  /** Who has not begun yet finds this side's NAT open when it does. */
  private void knockAgain() {
    if (!checking.round().prospects().peerBegan()
        && checking.progress().isSpent(checking.round())) {
      // Who does not open a TCP connection at once never will.
      checking.round().list().retry("the peer may not have begun", pair -> !pair.isTcp());
    }
  }

  /** Consent (RFC 7675), and what follows when it ends. */
  private void keep(MonotonicTime now) {
    for (ComponentPath path : checking.paths()) {
      boolean stuck = path.isStuck();
      for (Valid ended : path.advance(now, valid -> consent(path, valid, now))) {
        checking.steps().tell(() -> new IceStep.ConsentLost(ended.pair().told()));
        ended.pair().failed("the other side consents no more");
      }
      path.choose(checking.round());
      if (path.isStuck() && !stuck) {
        // The addresses of either side may have changed: what failed may work again, and the
        // first check from a new address shows it to the peer.
        checking.round().list().retry("an address may have changed", pair -> true);
      }
    }
  }

  private void consent(ComponentPath path, Valid valid, MonotonicTime now) {
    if (!valid.pair().isConnected()) {
      return;
    }
    boolean used =
        valid.round() == checking.round() && path.used().filter(valid::equals).isPresent();
    if (used && !path.isAlarmed() && valid.width().takesTurn()) {
      checking.sending().size(valid, true, now);
    } else {
      checking.sending().send(valid.round(), valid.pair(), CheckPurpose.CONSENT, now);
    }
  }
}
