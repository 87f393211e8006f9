package dev.culvert.rendezvous.client;

import dev.culvert.identity.PeerId;
import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.MonotonicTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** What a peer wants of nodes at the moment. */
final class Errands {
  private static final int MOST = 1000;

  private final Lines lines;
  private final NodeTime time;
  private final Whereabouts whereabouts = new Whereabouts();
  private final Route route;
  private final List<Quest> quests = new ArrayList<>();
  private long nextRequest = 1;

  Errands(Places places, Lines lines, NodeTime time) {
    this.lines = lines;
    this.time = time;
    this.route = new Route(places, lines, whereabouts);
  }

  long lookup(PeerId peer, MonotonicTime now) {
    long id = nextRequest++;
    List<List<Place>> stages = isFull() ? List.of() : route.stages(peer, now);
    quests.add(new Search(id, peer, stages, lines, whereabouts, time, now));
    return id;
  }

  long signal(PeerId to, Bytes sealed, Set<PeerId> avoid, MonotonicTime now) {
    long id = nextRequest++;
    List<Place> places = isFull() ? List.of() : route.forSignal(to, avoid, now);
    quests.add(new Delivery(id, to, sealed, places, lines, whereabouts, now));
    return id;
  }

  long discover(Bytes namespace, int most, MonotonicTime now) {
    long id = nextRequest++;
    List<Place> places = isFull() ? List.of() : route.forAll(now);
    quests.add(new RollCall(id, namespace, most, places, lines, time, now));
    return id;
  }

  private boolean isFull() {
    return quests.size() >= MOST;
  }

  boolean isEmpty() {
    return quests.isEmpty();
  }

  /** Somebody spoke through a node, so is to be found there. */
  void heard(PeerId from, PeerId node) {
    whereabouts.heard(from, node);
  }

  /** Goes on with all, and tells what is over; says whether anything was. */
  boolean advance(Consumer<AttachmentEvent> listener, MonotonicTime now) {
    boolean some = false;
    for (Quest quest : List.copyOf(quests)) {
      quest.advance(now);
      Optional<AttachmentEvent> result = quest.result();
      if (result.isPresent()) {
        quests.remove(quest);
        listener.accept(result.get());
        some = true;
      }
    }
    return some;
  }

  /** Ends all. */
  void end() {
    quests.forEach(Quest::end);
  }

  Optional<MonotonicTime> nextDeadline() {
    return quests.stream().map(Quest::nextDeadline).min(MonotonicTime::compareTo);
  }
}
