package dev.culvert.rendezvous.client;

import dev.culvert.identity.PeerId;
import dev.culvert.identity.Signed;
import dev.culvert.rendezvous.KnownNode;
import dev.culvert.rendezvous.NodeRecord;
import dev.culvert.rendezvous.NodeSource;
import dev.culvert.rendezvous.NodeUrl;
import dev.culvert.rendezvous.wire.Frame;
import dev.culvert.sansio.MonotonicTime;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** What nodes tell of other nodes, and what this peer tells them of the node that it is itself. */
final class Gossip {
  private static final Duration EVERY = Duration.ofMinutes(10);
  private static final int MOST_TOLD = 64;

  private final Means means;
  private final Places places;
  private final NodeTime time;
  private final Consumer<AttachmentEvent> listener;
  private final Map<Line, MonotonicTime> next = new HashMap<>();
  private final Map<Line, Signed> announced = new HashMap<>();
  private Set<Signed> seen = new HashSet<>();
  private Optional<Signed> own = Optional.empty();
  private boolean changed;

  Gossip(Means means, Places places, NodeTime time, Consumer<AttachmentEvent> listener) {
    this.listener = listener;
    this.means = means;
    this.places = places;
    this.time = time;
  }

  /** Tells nodes from now on, or no longer, that this peer serves as one. */
  void announce(Optional<Signed> record) {
    own = record;
    announced.clear();
  }

  /** Asks those that it is attached to, each from time to time. */
  void advance(List<Line> lasting, MonotonicTime now) {
    next.keySet().retainAll(lasting);
    for (Line line : lasting) {
      MonotonicTime due = next.getOrDefault(line, now);
      if (!now.isBefore(due)) {
        next.put(line, now.plus(means.around(EVERY)));
        line.ask(Frame.AskNodes::new, answer -> told(line, answer), now);
        announced.remove(line);
      }
      own.filter(record -> !record.equals(announced.put(line, record)))
          .ifPresent(
              record ->
                  line.ask(
                      id -> new Frame.Announce(id, record),
                      answer -> announced(line, answer),
                      now));
    }
    // While nobody answers, what was heard may be all that there is.
    if (!lasting.isEmpty() && places.forget(time.now())) {
      changed = true;
      seen = new HashSet<>();
    }
  }

  void gone(Line line) {
    next.remove(line);
    announced.remove(line);
  }

  private void announced(Line line, Optional<Frame> answer) {
    if (answer.isPresent() && answer.get() instanceof Frame.Refusal refusal) {
      line.node()
          .ifPresent(
              node ->
                  listener.accept(new AttachmentEvent.AnnouncementRefused(node, refusal.reason())));
    }
  }

  private void told(Line line, Optional<Frame> answer) {
    if (answer.isPresent() && answer.get() instanceof Frame.Nodes nodes) {
      // To verify takes long, and nodes tell the same again and again.
      Set<Signed> fresh = new HashSet<>();
      nodes.records().stream().limit(MOST_TOLD).forEach(signed -> told(signed, fresh, line));
      fresh.addAll(seen.size() < Places.MOST ? seen : Set.of());
      seen = fresh;
    }
  }

  private void told(Signed signed, Set<Signed> fresh, Line line) {
    boolean known = seen.contains(signed);
    Instant now = time.now();
    if (known || signed.signer().equals(means.key.id())) {
      return;
    }
    NodeRecord.read(signed)
        .filter(record -> record.expiry().isAfter(now))
        .ifPresent(
            record -> {
              fresh.add(signed);
              changed |= know(record, line);
            });
  }

  private boolean know(NodeRecord record, Line line) {
    KnownNode node = KnownNode.of(record, NodeSource.TOLD);
    List<NodeUrl> urls = node.urls().stream().filter(url -> line.isNear() || url.secure()).toList();
    if (urls.isEmpty()) {
      return false;
    }
    boolean older =
        places
            .find(record.node())
            .flatMap(Place::expiry)
            .filter(at -> at.isAfter(record.expiry()))
            .isPresent();
    Optional<PeerId> teller = line.node();
    boolean full =
        places.find(record.node()).isEmpty() && teller.filter(places::isFullOf).isPresent();
    if (older || full) {
      return false;
    }
    Optional<Place> place = places.know(new KnownNode(node.id(), urls, NodeSource.TOLD));
    places.find(record.node()).ifPresent(its -> its.expires(record.expiry()));
    if (line.isNear()) {
      place.ifPresent(Place::near);
    }
    place.filter(its -> its.teller().isEmpty()).ifPresent(its -> teller.ifPresent(its::toldBy));
    return place.isPresent();
  }

  /** Whether other nodes are known than when that was asked last. */
  boolean takeChanged() {
    boolean was = changed;
    changed = false;
    return was;
  }

  Optional<MonotonicTime> nextDeadline() {
    return next.values().stream().min(MonotonicTime::compareTo);
  }
}
