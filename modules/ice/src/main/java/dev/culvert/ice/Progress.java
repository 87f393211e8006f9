package dev.culvert.ice;

import dev.culvert.sansio.MonotonicTime;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** How far an agent has come, and what its owner is told of it. */
final class Progress {
  private final IceConfig config;
  private final Collection<ComponentPath> paths;
  private final Consumer<IceEvent> tell;
  private final Steps steps;
  private final Map<ComponentId, IcePath> told = new HashMap<>();
  private Optional<MonotonicTime> patienceEnds = Optional.empty();
  private IceState state = IceState.NEW;

  Progress(
      IceConfig config, Collection<ComponentPath> paths, Consumer<IceEvent> tell, Steps steps) {
    this.steps = steps;
    this.config = config;
    this.paths = paths;
    this.tell = tell;
  }

  IceState state() {
    return state;
  }

  boolean isOver() {
    return state == IceState.CLOSED || state == IceState.FAILED;
  }

  /** The peer is known: it may take its time (RFC 8863 §4). */
  void begin(MonotonicTime now) {
    patienceEnds = Optional.of(now.plus(config.patience()));
    become(hasPaths() ? IceState.CONNECTED : IceState.CHECKING);
  }

  /** The connection of a path ended, and it is tried again; the peer would consent for as long. */
  void broke(MonotonicTime now) {
    patienceEnds = Optional.of(now.plus(Valid.CONSENT));
  }

  /** There is another chance; where no path is left, the peer's answer may take its time. */
  void restarted(MonotonicTime now) {
    patienceEnds =
        state == IceState.DISCONNECTED && !hasPaths()
            ? Optional.of(now.plus(config.patience()))
            : Optional.empty();
    if (state == IceState.FAILED) {
      become(IceState.NEW);
    }
  }

  void close() {
    become(IceState.CLOSED);
  }

  private boolean hasPaths() {
    return paths.stream().allMatch(path -> path.used().isPresent());
  }

  /** Tells where data goes, if that is another way than before. */
  void tellPaths(Round round) {
    for (ComponentPath path : paths) {
      path.choose(round);
      Optional<IcePath> before = Optional.ofNullable(told.get(path.component()));
      Optional<IcePath> now = path.shown();
      if (now.isEmpty() && before.isPresent()) {
        lose(path.component());
      } else if (now.isPresent() && before.filter(old -> isLike(old, now.get())).isEmpty()) {
        told.put(path.component(), now.get());
        tell.accept(new IceEvent.PathChanged(now.get()));
        steps.tell(() -> new IceStep.PathChosen(now.get()));
      }
    }
  }

  private void lose(ComponentId component) {
    told.remove(component);
    tell.accept(new IceEvent.PathLost(component));
    steps.tell(() -> new IceStep.PathLost(component));
  }

  private static boolean isLike(IcePath one, IcePath other) {
    return one.flow().equals(other.flow())
        && one.selected() == other.selected()
        && one.narrow() == other.narrow();
  }

  void conclude(Round round, MonotonicTime now) {
    if (hasPaths()) {
      // One of the round before carries data for as long as it lives; this one may yet need time.
      boolean over = patienceEnds.filter(end -> !now.isBefore(end)).isPresent();
      if (over || paths.stream().allMatch(path -> path.has(round))) {
        patienceEnds = Optional.empty();
      }
      boolean stuck = paths.stream().anyMatch(ComponentPath::isStuck);
      boolean selected = paths.stream().allMatch(path -> path.selected().isPresent());
      become(stuck ? IceState.DISCONNECTED : selected ? IceState.COMPLETED : IceState.CONNECTED);
      return;
    }
    Prospects prospects = round.prospects();
    if (state == IceState.COMPLETED
        || state == IceState.CONNECTED
        || state == IceState.DISCONNECTED) {
      if (deadline(round).filter(now::isBefore).isPresent()) {
        become(IceState.DISCONNECTED);
      } else {
        fail(IceFailure.CONSENT_EXPIRED, round);
      }
    } else if (prospects.localEnded() && round.list().hasNoLocals()) {
      fail(IceFailure.NO_LOCAL_CANDIDATES, round);
    } else if (prospects.hasPeerFailed()) {
      fail(IceFailure.PEER_GAVE_UP, round);
    } else if (deadline(round).filter(end -> !now.isBefore(end)).isPresent()) {
      fail(why(round), round);
    }
  }

  private IceFailure why(Round round) {
    if (!round.list().pairs().isEmpty()) {
      return IceFailure.NO_ANSWER;
    }
    if (!round.list().hasNoRemotes()) {
      return IceFailure.NOTHING_IN_COMMON;
    }
    return round.hasRefused() ? IceFailure.POLICY : IceFailure.NO_REMOTE_CANDIDATES;
  }

  /** When it fails if nothing happens meanwhile. */
  Optional<MonotonicTime> deadline(Round round) {
    if (!isSpent(round)) {
      return patienceEnds;
    }
    return round
        .prospects()
        .end(round)
        .filter(end -> patienceEnds.filter(end::isBefore).isPresent())
        .or(() -> patienceEnds);
  }

  /** Whether some component has no path, and no check that might find one. */
  boolean isSpent(Round round) {
    return paths.stream()
        .anyMatch(path -> path.used().isEmpty() && round.list().isSpent(path.component()));
  }

  private void fail(IceFailure reason, Round round) {
    // Components that had a path have none any more: the peer will not consent to them for long.
    paths.forEach(ComponentPath::end);
    for (ComponentId component : List.copyOf(told.keySet())) {
      lose(component);
    }
    round.list().giveUp();
    List<PairFate> fates = round.list().pairs().stream().map(Pair::fate).toList();
    become(IceState.FAILED);
    steps.tell(() -> new IceStep.Failed(reason));
    tell.accept(new IceEvent.Failed(reason, fates));
  }

  private void become(IceState now) {
    if (state != now && state != IceState.CLOSED) {
      state = now;
      steps.tell(() -> new IceStep.StateChanged(now));
      tell.accept(new IceEvent.StateChanged(now));
    }
  }
}
