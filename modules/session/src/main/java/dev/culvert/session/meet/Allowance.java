package dev.culvert.session.meet;

import dev.culvert.punch.PunchLedger;
import dev.culvert.punch.PunchPlan;
import dev.culvert.sansio.MonotonicTime;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * What the searches of a call have had of what may go to one address in two minutes, so that none
 * is begun that would be refused at once, here or, as both search alike, by the other side.
 */
final class Allowance {
  /** What {@link PunchLedger#standard} lets go to one address, at 50 a second. */
  private static final Duration ALL = Duration.ofSeconds(35);

  /** A search for one side's predicted port takes a third of it. */
  private static final Duration SHARE = ALL.dividedBy(3);

  /** How long the ledger remembers. */
  private static final Duration WINDOW = Duration.ofSeconds(126);

  private record Search(MonotonicTime began, Duration took) {}

  private final Deque<Search> searches = new ArrayDeque<>();
  private Duration need = Duration.ZERO;

  private static Duration need(PunchPlan.Kind kind) {
    return switch (kind) {
      case NONE, REVERSAL, SIMULTANEOUS_OPEN -> Duration.ZERO;
      case PREDICTION -> SHARE;
      case DOUBLE_PREDICTION, BIRTHDAY -> ALL;
    };
  }

  /** An attempt of that kind is over. */
  void spent(PunchPlan.Kind kind, MonotonicTime began, MonotonicTime now) {
    need = need(kind);
    Duration passed = now.since(began);
    Duration took = passed.compareTo(need) < 0 ? passed : need;
    forget(now);
    if (!took.isZero() && !took.isNegative()) {
      searches.add(new Search(began, took));
    }
  }

  /** Somebody there has answered, or it is about another address: nothing counts any more. */
  void clear() {
    searches.clear();
    need = Duration.ZERO;
  }

  /** The first time from then on at which another attempt of the same kind has its whole share. */
  MonotonicTime from(MonotonicTime wanted) {
    forget(wanted);
    Duration left = ALL;
    for (Search each : searches) {
      left = left.minus(each.took());
    }
    MonotonicTime first = wanted;
    for (Search each : searches) {
      if (left.compareTo(need) >= 0) {
        break;
      }
      left = left.plus(each.took());
      first = each.began().plus(WINDOW);
    }
    return first;
  }

  private void forget(MonotonicTime now) {
    searches.removeIf(each -> now.since(each.began()).compareTo(WINDOW) >= 0);
  }
}
