package dev.culvert.rendezvous.client;

import dev.culvert.identity.PeerId;
import dev.culvert.sansio.MonotonicTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** Which nodes a peer tries, and which it had better be attached to. */
final class Choice {
  private static final Duration STAGGER = Duration.ofMillis(300);
  private static final Duration FIRST_REVIEW = Duration.ofSeconds(2);
  private static final Duration REVIEW = Duration.ofSeconds(30);

  /** Leaves room for lines that others need. */
  private static final int MOST_TRIES = Lines.MOST_TEMPORARY - 2;

  private final Means means;
  private final Places places;
  private final Lines lines;
  private Optional<MonotonicTime> lastTry = Optional.empty();
  private Optional<MonotonicTime> review = Optional.empty();
  private Optional<MonotonicTime> next = Optional.empty();
  private boolean joined;

  Choice(Means means, Places places, Lines lines) {
    this.means = means;
    this.places = places;
    this.lines = lines;
  }

  /** The nodes to be attached to, of those that the peer is welcome at. */
  List<Line> best() {
    List<Line> ranked =
        lines.welcome().stream()
            .sorted(Comparator.comparingInt(line -> places.rank(line.place())))
            .toList();
    return pick(ranked, Line::place);
  }

  /**
   * The first two; but if both are hearsay and there is one that somebody vouches for, the second
   * is that one. Whoever makes up nodes has not all of a peer then.
   */
  private static <T> List<T> pick(List<T> ranked, Function<T, Place> place) {
    if (ranked.size() <= Lines.MOST_LASTING) {
      return ranked;
    }
    T first = ranked.get(0);
    T second = ranked.get(1);
    boolean vouched = place.apply(first).isAnchor() || place.apply(second).isAnchor();
    T anchor =
        ranked.stream()
            .skip(2)
            .filter(one -> place.apply(one).isAnchor())
            .findFirst()
            .orElse(second);
    return List.of(first, vouched ? second : anchor);
  }

  /** Opens what is to be tried now. */
  void advance(MonotonicTime now) {
    next = Optional.empty();
    if (lines.welcome().size() < Lines.MOST_LASTING) {
      join(now);
    } else {
      review(now);
    }
  }

  private void join(MonotonicTime now) {
    List<Place> candidates = new ArrayList<>();
    for (Place place : places.all()) {
      if (lines.to(place).isPresent()) {
        continue;
      }
      if (place.isDue(now)) {
        candidates.add(place);
      } else if (place.isUsable()) {
        place.notBefore().ifPresent(this::wake);
      }
    }
    Comparator<Place> byRank = Comparator.comparingInt(places::rank);
    candidates.sort(joined ? byRank : Comparator.comparing(Place::source).thenComparing(byRank));
    for (Place candidate : candidates) {
      boolean first = lines.welcome().size() + lines.trying() < Lines.MOST_LASTING;
      Optional<MonotonicTime> due = lastTry.map(at -> at.plus(STAGGER));
      if (lines.trying() >= MOST_TRIES) {
        return;
      }
      if (!first && due.filter(now::isBefore).isPresent()) {
        due.ifPresent(this::wake);
        return;
      }
      // One that was found to be the same node as another has a line by now.
      if (lines.to(candidate).isEmpty() && lines.open(candidate, now).isPresent()) {
        lastTry = Optional.of(now);
      }
    }
  }

  private void review(MonotonicTime now) {
    MonotonicTime when = review.orElseGet(() -> now.plus(means.around(FIRST_REVIEW)));
    review = Optional.of(when);
    joined = true;
    if (now.isBefore(when)) {
      wake(when);
      return;
    }
    MonotonicTime again = now.plus(means.around(REVIEW));
    review = Optional.of(again);
    wake(again);
    Set<Optional<PeerId>> seen = new HashSet<>();
    List<Place> ranked =
        places.all().stream()
            .filter(place -> place.id().isPresent())
            .filter(place -> place.isDue(now) || lines.to(place).isPresent())
            .filter(place -> lines.to(place).filter(lines::isLeaving).isEmpty())
            .sorted(Comparator.comparingInt(places::rank).thenComparing(Place::failures))
            .filter(place -> seen.add(place.id()))
            .toList();
    pick(ranked, place -> place).forEach(place -> lines.open(place, now));
    places.all().stream()
        .filter(place -> place.id().isEmpty() && place.isDue(now))
        .findFirst()
        .ifPresent(place -> lines.open(place, now));
  }

  private void wake(MonotonicTime when) {
    next = Optional.of(next.map(at -> Means.earlier(at, when)).orElse(when));
  }

  Optional<MonotonicTime> nextDeadline() {
    return next;
  }
}
