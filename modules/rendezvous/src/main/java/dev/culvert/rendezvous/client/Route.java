package dev.culvert.rendezvous.client;

import dev.culvert.identity.PeerId;
import dev.culvert.sansio.MonotonicTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Which nodes are asked about a peer, and in which order. */
final class Route {
  /** That many are worked out to have it. */
  private static final int RANKED = 3;

  /** Nobody asks more nodes than that about one peer. */
  private static final int MOST = Lines.MOST_TEMPORARY;

  private final Places places;
  private final Lines lines;
  private final Whereabouts whereabouts;

  Route(Places places, Lines lines, Whereabouts whereabouts) {
    this.places = places;
    this.lines = lines;
    this.whereabouts = whereabouts;
  }

  /**
   * The nodes where a peer should be or was lately, then those that this one is attached to, then
   * others, trusted ones first: peers that know different nodes meet where they have one in common.
   */
  List<List<Place>> stages(PeerId peer, MonotonicTime now) {
    List<Place> ranked =
        places.rankedFor(peer).stream().filter(place -> isThere(place, now)).toList();
    Set<PeerId> seen = whereabouts.of(peer);
    Stream<Place> where = ranked.stream().filter(place -> isOf(place, seen));
    List<Place> first = Stream.concat(ranked.stream().limit(RANKED), where).distinct().toList();
    List<Place> second = without(lines.lasting().stream().map(Line::place).toList(), first);
    List<Place> met = new ArrayList<>(first);
    met.addAll(second);
    Stream<Place> strangers =
        places.all().stream()
            .filter(place -> place.id().isEmpty() && place.isAnchor() && isThere(place, now));
    List<Place> others =
        without(Stream.concat(ranked.stream(), strangers).toList(), met).stream()
            .sorted(Comparator.comparing((Place place) -> !place.isAnchor()))
            .limit(Math.max(0, MOST - met.size()))
            .toList();
    return List.of(first, second, others);
  }

  private static List<Place> without(List<Place> some, Collection<Place> others) {
    return some.stream()
        .filter(
            place ->
                others.stream()
                    .noneMatch(
                        other ->
                            other == place
                                || (place.id().isPresent() && place.id().equals(other.id()))))
        .toList();
  }

  private static boolean isOf(Place place, Set<PeerId> nodes) {
    return place.id().filter(nodes::contains).isPresent();
  }

  /** Whether it may answer: one that failed just now will not. */
  private boolean isThere(Place place, MonotonicTime now) {
    Optional<Line> line = lines.to(place);
    return line.filter(Line::isWelcome).isPresent() || line.isPresent() || place.isDue(now);
  }

  /**
   * In which order a signal is tried: where the peer spoke last, since nodes deliver for a while to
   * where it was before; then where it was seen, then where a connection stands.
   */
  List<Place> forSignal(PeerId to, Set<PeerId> avoid, MonotonicTime now) {
    Set<PeerId> seen = whereabouts.of(to);
    Set<PeerId> spoke = whereabouts.lastHeard(to).map(Set::of).orElse(Set.of());
    List<List<Place>> stages = stages(to, now);
    List<Place> all = new ArrayList<>(stages.get(0));
    all.addAll(stages.get(1));
    // Further ones are worth a try only where somebody trusted named them.
    stages.get(2).stream().filter(Place::isAnchor).forEach(all::add);
    return all.stream()
        .sorted(
            Comparator.comparing((Place place) -> isOf(place, avoid))
                .thenComparing(place -> !isOf(place, spoke))
                .thenComparing(place -> !isOf(place, seen))
                .thenComparing(place -> lines.to(place).filter(Line::isWelcome).isEmpty()))
        .toList();
  }

  /** All that may have members of a namespace, those that it is attached to first. */
  List<Place> forAll(MonotonicTime now) {
    return places.all().stream()
        .filter(place -> isThere(place, now))
        .sorted(
            Comparator.comparing((Place place) -> lines.to(place).filter(Line::isWelcome).isEmpty())
                .thenComparing(place -> !place.isAnchor())
                .thenComparing(places::rank))
        .limit(MOST)
        .toList();
  }
}
