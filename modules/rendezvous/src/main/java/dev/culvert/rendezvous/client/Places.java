package dev.culvert.rendezvous.client;

import dev.culvert.identity.PeerId;
import dev.culvert.rendezvous.KnownNode;
import dev.culvert.rendezvous.NodeSource;
import dev.culvert.rendezvous.Ranking;
import dev.culvert.sansio.Bytes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** All nodes that a peer knows. */
final class Places {
  static final int MOST = 256;
  private static final int MOST_HEARSAY = 192;
  private static final int MOST_OF_ONE = 64;

  private final PeerId own;
  private final List<Place> places = new ArrayList<>();
  private Map<PeerId, Integer> ranks = Map.of();
  private long answers;

  Places(PeerId own) {
    this.own = own;
  }

  List<Place> all() {
    return places;
  }

  int size() {
    return places.size();
  }

  Optional<Place> find(PeerId id) {
    return places.stream().filter(place -> place.id().filter(id::equals).isPresent()).findFirst();
  }

  private Optional<Place> same(KnownNode node) {
    return places.stream()
        .filter(
            place ->
                node.id().isPresent()
                    ? node.id().equals(place.pin())
                    : place.pin().isEmpty() && node.urls().stream().anyMatch(place::has))
        .findFirst();
  }

  /**
   * Adds a node, or what is new about it.
   *
   * @return the place, if it is new or something about it is
   */
  Optional<Place> know(KnownNode node) {
    Optional<Place> known = same(node);
    if (known.isPresent()) {
      boolean newer = known.get().isHearsay() || node.source() != NodeSource.TOLD;
      return known.get().merge(node, newer) ? known : Optional.empty();
    }
    if (node.source() == NodeSource.TOLD && hearsay() >= MOST_HEARSAY) {
      return Optional.empty();
    }
    if (places.size() >= MOST && !makeRoom()) {
      return Optional.empty();
    }
    Place place = new Place(node);
    places.add(place);
    rank();
    return Optional.of(place);
  }

  private long hearsay() {
    return places.stream().filter(Place::isHearsay).count();
  }

  /** Whether one node told of so many that it has to be content with that. */
  boolean isFullOf(PeerId teller) {
    return places.stream()
            .filter(place -> place.isHearsay() && place.teller().filter(teller::equals).isPresent())
            .count()
        >= MOST_OF_ONE;
  }

  private boolean makeRoom() {
    Optional<Place> worst =
        places.stream()
            .filter(place -> place.lastAnswered() == 0 && !place.isAnchor())
            .max(Comparator.comparingInt(Place::failures));
    worst.ifPresent(places::remove);
    return worst.isPresent();
  }

  /** A node at an address has shown which one it is. */
  void answered(Place place, PeerId id, Bytes token) {
    place.answered(token, ++answers);
    if (!place.id().equals(Optional.of(id))) {
      place.learned(id);
      rank();
    }
  }

  /** Forgets those of hearsay that are void, or never there; says whether there were any. */
  boolean forget(Instant time) {
    boolean some = places.removeIf(place -> isVoid(place, time) || place.isHopeless());
    if (some) {
      rank();
    }
    return some;
  }

  private static boolean isVoid(Place place, Instant time) {
    return place.isHearsay()
        && place.lastAnswered() == 0
        && place.expiry().filter(at -> !at.isAfter(time)).isPresent();
  }

  private void rank() {
    List<PeerId> order = Ranking.of(own, ids());
    Map<PeerId, Integer> fresh = new HashMap<>();
    order.forEach(id -> fresh.put(id, fresh.size()));
    ranks = fresh;
  }

  private List<PeerId> ids() {
    return places.stream().map(Place::id).flatMap(Optional::stream).toList();
  }

  /**
   * How far in front a node stands for this peer; those of which nobody knows who they are last.
   */
  int rank(Place place) {
    return place.id().map(id -> ranks.getOrDefault(id, MOST)).orElse(MOST);
  }

  /** The nodes in the order of another peer; of those whose key is known. */
  List<Place> rankedFor(PeerId peer) {
    Map<PeerId, Place> byId = new HashMap<>();
    for (Place place : places) {
      place.id().ifPresent(id -> byId.merge(id, place, Places::better));
    }
    return Ranking.of(peer, byId.keySet()).stream().map(byId::get).toList();
  }

  /** Of two ways to one node, the one that works. */
  private static Place better(Place one, Place other) {
    if (one.isUsable() != other.isUsable()) {
      return one.isUsable() ? one : other;
    }
    return one.failures() <= other.failures() ? one : other;
  }

  /** As they may be kept, those that answered last first. */
  List<KnownNode> known() {
    return places.stream()
        .filter(Place::isUsable)
        .sorted(Comparator.comparingLong(Place::lastAnswered).reversed())
        .map(Place::node)
        .toList();
  }
}
