package dev.culvert.ice4j;

import dev.culvert.ice.IcePath;
import dev.culvert.ice.IcePolicy;
import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.Flow;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.ice4j.ice.CandidatePair;

/**
 * The pairs that checks have proven, and which of them data goes on. Confined to the loop, but for
 * {@link #send}.
 */
final class Routes {
  private static final Comparator<Route> BY_PRIORITY =
      Comparator.comparingLong(route -> route.pair().getPriority());
  private static final long SILENCE_NANOS = TimeUnit.SECONDS.toNanos(2);

  private final List<Route> proven = new ArrayList<>();
  private Optional<Route> selected = Optional.empty();
  private volatile Optional<Route> used = Optional.empty();
  private long heard = System.nanoTime();

  boolean isEmpty() {
    return proven.isEmpty();
  }

  /** Whether the agents have agreed on one. */
  boolean isSelected() {
    return selected.isPresent();
  }

  Optional<IcePath> path() {
    return used.map(route -> route.path(selected.isPresent()));
  }

  /** Any thread: sends where {@link #path} says. */
  boolean send(Bytes data) {
    Optional<Route> way = used;
    way.ifPresent(route -> route.send(data));
    return way.isPresent();
  }

  /** Takes one in; of two on one flow the first is as good. */
  void add(Route route) {
    if (find(route.flow()).isEmpty()) {
      proven.add(route);
    }
  }

  Optional<Route> find(Flow flow) {
    return proven.stream().filter(route -> route.flow().equals(flow)).findFirst();
  }

  /** What is to be nominated: relays wait, unless nothing else is wanted or will come. */
  Optional<CandidatePair> nominee(IcePolicy policy, boolean isLate) {
    return proven.stream()
        .filter(route -> isLate || policy == IcePolicy.RELAY_ONLY || !route.isRelayed())
        .max(BY_PRIORITY)
        .map(Route::pair);
  }

  void select(Flow flow) {
    selected = find(flow);
  }

  /** The peer nominates another one: better than the selected one, or because that is silent. */
  boolean follow(Flow flow) {
    Optional<Route> other = find(flow).filter(route -> !selected.equals(Optional.of(route)));
    boolean moves =
        selected.isPresent()
            && other.isPresent()
            && (BY_PRIORITY.compare(other.get(), selected.get()) > 0 || !isHeard());
    if (moves) {
      selected = other;
    }
    return moves;
  }

  /** The peer sent something this way. */
  void heard(Flow flow) {
    if (used.filter(route -> route.flow().equals(flow)).isPresent()) {
      heard = System.nanoTime();
    }
  }

  /** Whether it did lately. */
  boolean isHeard() {
    return System.nanoTime() - heard < SILENCE_NANOS;
  }

  /** It answers no more. */
  boolean drop(Flow flow) {
    boolean dropped = proven.removeIf(route -> route.flow().equals(flow));
    selected = selected.filter(proven::contains);
    return dropped;
  }

  void clear() {
    proven.clear();
    selected = Optional.empty();
    used = Optional.empty();
  }

  /**
   * Chooses again.
   *
   * @return whether the path is another one than before
   */
  boolean choose(boolean wasSelected) {
    Optional<Route> before = used;
    Optional<Route> next = selected;
    if (next.isEmpty() && wasSelected) {
      // The best that still lives stands in for what broke.
      next = proven.stream().max(BY_PRIORITY);
      selected = next;
    } else if (next.isEmpty()) {
      next = proven.stream().max(BY_PRIORITY);
    }
    used = next;
    return !before.map(Route::flow).equals(next.map(Route::flow))
        || wasSelected != selected.isPresent();
  }
}
