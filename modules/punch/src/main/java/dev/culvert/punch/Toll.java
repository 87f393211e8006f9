package dev.culvert.punch;

import dev.culvert.sansio.MonotonicTime;
import java.net.InetAddress;
import java.util.HashSet;
import java.util.Set;

/** Counts what is sent toward addresses that have not answered, and says when it is enough. */
final class Toll {
  private final PunchLedger ledger;
  private final Set<InetAddress> answered = new HashSet<>();
  private int sent;
  private boolean refused;

  Toll(PunchLedger ledger) {
    this.ledger = ledger;
  }

  /** One packet of a search, which nobody there has asked for. */
  PunchLedger.Answer charge(InetAddress target, MonotonicTime now) {
    PunchLedger.Answer answer = count(target, false, now);
    refused |= answer == PunchLedger.Answer.NEVER;
    return answer;
  }

  /** One packet to where something proven came from, if its address is true. */
  PunchLedger.Answer owe(InetAddress target, MonotonicTime now) {
    return count(target, true, now);
  }

  private PunchLedger.Answer count(InetAddress target, boolean answer, MonotonicTime now) {
    if (answered.contains(target)) {
      return PunchLedger.Answer.SEND;
    }
    PunchLedger.Answer verdict = ledger.charge(target, answer, now);
    sent += verdict == PunchLedger.Answer.SEND ? 1 : 0;
    return verdict;
  }

  /** A request to that address was answered: what follows is wanted there. */
  void answered(InetAddress target) {
    if (answered.add(target)) {
      ledger.answered(target);
    }
  }

  int sent() {
    return sent;
  }

  boolean isRefused() {
    return refused;
  }
}
