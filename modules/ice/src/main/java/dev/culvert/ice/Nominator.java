package dev.culvert.ice;

import dev.culvert.sansio.MonotonicTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Chooses pairs for both agents while this one controls (RFC 8445 §8.1.1): the best that works,
 * once none better is likely to. If the peer takes more than one nomination, a better or a living
 * pair replaces the one before.
 */
final class Nominator {
  private static final Duration FOR_A_BETTER_DIRECT = Duration.ofMillis(200);
  private static final Duration BEFORE_A_RELAY = Duration.ofMillis(100);
  private static final Duration FOR_A_DIRECT = Duration.ofSeconds(1);

  private final Checking checking;
  private final Map<ComponentId, Pair> underWay = new HashMap<>();
  private final Map<ComponentId, Pair> last = new HashMap<>();
  private final Set<ComponentId> moved = new HashSet<>();
  private int number;

  Nominator(Checking checking) {
    this.checking = checking;
  }

  void advance(MonotonicTime now) {
    if (checking.role() != IceRole.CONTROLLING || checking.round().checks().isEmpty()) {
      return;
    }
    for (ComponentPath path : checking.paths()) {
      Optional<Valid> best = path.best(checking.round());
      if (best.isPresent() && wants(path, best.get(), now)) {
        moved.remove(path.component());
        underWay.put(path.component(), best.get().pair());
        last.put(path.component(), best.get().pair());
        boolean renominates = checking.round().wants(IceParameters.RENOMINATION);
        checking
            .sending()
            .nominate(
                best.get().pair(),
                renominates ? Optional.of(new Nomination(++number)) : Optional.empty(),
                now);
      }
    }
  }

  private boolean wants(ComponentPath path, Valid best, MonotonicTime now) {
    Pair busy = underWay.get(path.component());
    if (busy != null && checking.round().checks().get().isUnderWay(busy)) {
      // What was to replace a silent pair may have fallen silent with it.
      boolean alarmed = path.selected().filter(Valid::isSuspect).isPresent();
      if (!alarmed || busy == best.pair()) {
        return false;
      }
    }
    Optional<Valid> selected = path.selected();
    if (selected.isEmpty()) {
      return ripens(path, best).filter(at -> now.isBefore(at)).isEmpty();
    }
    if (selected.get() == best && moved.contains(path.component())) {
      return true;
    }
    boolean renominates = checking.round().wants(IceParameters.RENOMINATION);
    Pair astray = last.get(path.component());
    if (selected.get() == best && astray != null && astray != best.pair()) {
      // The peer may have taken another nomination since, whose answer this agent never saw.
      return renominates;
    }
    boolean better =
        selected.get().isSuspect()
            || (selected.get().width().isNarrow() && !best.width().isNarrow())
            || best.pair().priority() > selected.get().pair().priority();
    return selected.get() != best && better && renominates;
  }

  /** Until when it waits for something better; empty if nothing better can come. */
  private Optional<MonotonicTime> ripens(ComponentPath path, Valid best) {
    boolean patient = checking.round().list().mayBeat(best.pair()) || path.mayYetPass(best);
    boolean relayed = best.pair().isRelayed();
    if (patient && checking.round().wants(IceParameters.RENOMINATION)) {
      // Whatever turns out to be better is nominated then.
      return relayed
          ? path.firstValid().map(first -> first.plus(BEFORE_A_RELAY))
          : Optional.empty();
    }
    Duration wait = relayed ? FOR_A_DIRECT : FOR_A_BETTER_DIRECT;
    return patient ? path.firstValid().map(first -> first.plus(wait)) : Optional.empty();
  }

  /**
   * The peer sees a pair come from another address than before: to it that is another pair, which
   * nobody nominated yet.
   */
  void moved(Pair pair) {
    moved.add(pair.component());
  }

  /** The peer has taken a nomination. */
  Nomination done(Check check) {
    underWay.remove(check.pair().component(), check.pair());
    return check.nomination();
  }

  Optional<MonotonicTime> nextDeadline() {
    if (checking.role() != IceRole.CONTROLLING || checking.round().checks().isEmpty()) {
      return Optional.empty();
    }
    List<MonotonicTime> all = new ArrayList<>();
    for (ComponentPath path : checking.paths()) {
      if (path.selected().isEmpty() && !underWay.containsKey(path.component())) {
        path.best(checking.round()).flatMap(best -> ripens(path, best)).ifPresent(all::add);
      }
    }
    return all.isEmpty() ? Optional.empty() : Optional.of(Collections.min(all));
  }
}
