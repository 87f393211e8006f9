package dev.culvert.rendezvous.client;

import dev.culvert.identity.PeerId;
import dev.culvert.identity.SealingKey;
import dev.culvert.rendezvous.KnownNode;
import dev.culvert.rendezvous.NodeSource;
import dev.culvert.rendezvous.wire.Frame;
import dev.culvert.sansio.Input;
import dev.culvert.sansio.MonotonicTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.stream.Stream;

/** What {@link Attachments} consist of, and what happens to their lines. */
final class Hold {
  private static final Duration DRAIN = Duration.ofSeconds(5);

  private final Means means;
  private final NodeTime time;
  private final Places places;
  private final Lines lines;
  private final Choice choice;
  private final Vicinity vicinity;
  private final OwnRecord record;
  private final Registrar registrar;
  private final Errands errands;
  private final Gossip gossip;
  private final Credentials credentials;
  private final Complaint complaint;
  private final Departures departures;
  private final Queue<AttachmentEvent> events = new ArrayDeque<>();
  private List<PeerId> blocked = List.of();
  private Optional<MonotonicTime> drained = Optional.empty();
  private boolean closed;

  Hold(AttachmentsConfig config, Means means) {
    this.means = means;
    this.time = new NodeTime(means.clock);
    this.places = new Places(means.key.id());
    this.lines = new Lines(means);
    this.choice = new Choice(means, places, lines);
    this.vicinity = new Vicinity(means, lines, config.lookingNear());
    this.record = new OwnRecord(means, time, config);
    this.registrar = new Registrar(config, means, record);
    this.errands = new Errands(places, lines, time);
    this.gossip = new Gossip(means, places, time, events::add);
    this.credentials =
        new Credentials(
            time,
            line -> offer(line).ifPresent(its -> events.add(new AttachmentEvent.Offered(its))));
    this.complaint = new Complaint(places, lines);
    this.departures = new Departures(means, places, lines);
    lines.whenGone(this::forget);
  }

  Means means() {
    return means;
  }

  Lines lines() {
    return lines;
  }

  Errands errands() {
    return errands;
  }

  Gossip gossip() {
    return gossip;
  }

  List<SealingKey> sealingKeys() {
    return record.keys();
  }

  long sequence() {
    return record.sequence();
  }

  Instant time() {
    return time.now();
  }

  List<KnownNode> nodes() {
    return places.known();
  }

  void know(KnownNode node) {
    // A peer that serves is a guest of its own node if it says so itself, and not on hearsay.
    boolean isOwn = node.id().equals(Optional.of(means.key.id()));
    if (!(isOwn && node.source() == NodeSource.TOLD) && places.know(node).isPresent()) {
      events.add(new AttachmentEvent.NodesChanged());
    }
  }

  void networkChanged(MonotonicTime now) {
    places.all().forEach(Place::retry);
    lines.all().forEach(line -> line.check(now));
  }

  void block(List<PeerId> peers, MonotonicTime now) {
    blocked = peers;
    lines.all().stream().filter(Line::isWelcome).forEach(line -> block(line, now));
  }

  private void block(Line line, MonotonicTime now) {
    line.ask(id -> new Frame.Block(id, blocked), answer -> {}, now);
  }

  List<NodeOffer> attached() {
    return lines.lasting().stream().map(this::offer).flatMap(Optional::stream).toList();
  }

  private Optional<NodeOffer> offer(Line line) {
    return line.welcome()
        .flatMap(
            its ->
                line.url()
                    .map(
                        url ->
                            new NodeOffer(
                                its.node(),
                                url,
                                credentials.of(line),
                                its.stun(),
                                its.welcome().observed())));
  }

  void drain(MonotonicTime now) {
    if (drained.isEmpty() && !closed) {
      drained = Optional.of(now.plus(DRAIN));
      lines.all().stream()
          .filter(line -> line.isWelcome() && registrar.wasAsked(line))
          .forEach(line -> line.ask(Frame.Unregister::new, answer -> {}, now));
    }
  }

  void close(MonotonicTime now) {
    if (!closed) {
      closed = true;
      lines.all().forEach(lines::close);
      errands.end();
      errands.advance(events::add, now);
      events.add(new AttachmentEvent.Ended());
    }
  }

  void accept(Input input, MonotonicTime now) {
    vicinity.found(input).forEach(this::know);
    Optional<Long> id = idOf(input);
    id.flatMap(lines::find).ifPresent(line -> line.accept(input, now));
  }

  private static Optional<Long> idOf(Input input) {
    if (input instanceof Input.Opened opened) {
      return Optional.of(opened.flow().id());
    }
    if (input instanceof Input.Closed gone) {
      return Optional.of(gone.id());
    }
    return input instanceof Input.Answered answered ? Optional.of(answered.id()) : Optional.empty();
  }

  void advance(MonotonicTime now) {
    lines.advance(now);
    if (!closed && record.advance(now)) {
      events.add(new AttachmentEvent.KeyChanged());
    }
  }

  /** Acts on what happened, until nothing more follows from it. */
  void settle(MonotonicTime now) {
    boolean more = true;
    while (more) {
      more = false;
      for (Line line : lines.all()) {
        Optional<ClientEvent> event = line.pollEvent();
        while (event.isPresent()) {
          more = true;
          handle(line, event.get(), now);
          event = line.pollEvent();
        }
      }
      if (closed) {
        errands.end();
      }
      more |= errands.advance(events::add, now);
      if (!closed) {
        tend(now);
      }
    }
    boolean done = errands.isEmpty() && lines.all().stream().noneMatch(Line::isBusy);
    if (!closed && drained.filter(end -> done || !now.isBefore(end)).isPresent()) {
      close(now);
    }
  }

  private void tend(MonotonicTime now) {
    if (drained.isPresent()) {
      return;
    }
    departures.advance(now);
    List<Line> best = choice.best();
    Set<Line> wanted = new LinkedHashSet<>(best);
    wanted.addAll(lines.lasting());
    registrar.keep(wanted, now);
    for (Line line : wanted) {
      registrar.refusal(line).ifPresent(why -> refused(line, why, now));
    }
    best.stream().filter(registrar::isFound).forEach(line -> promote(line, best, now));
    List<Line> lasting = lines.lasting();
    if (lasting.containsAll(best) && best.size() == Lines.MOST_LASTING) {
      lines.all().stream()
          .filter(line -> lines.isLeaving(line) && !line.isBusy())
          .forEach(line -> end(line, "the node sent this peer elsewhere"));
    }
    gossip.advance(lines.lasting(), now);
    credentials.advance(lines.lasting(), now);
    choice.advance(now);
    vicinity.advance(now);
    if (gossip.takeChanged()) {
      events.add(new AttachmentEvent.NodesChanged());
    }
    complaint.look().ifPresent(events::add);
  }

  private void promote(Line line, List<Line> best, MonotonicTime now) {
    if (lines.isLasting(line) || !line.isWelcome()) {
      return;
    }
    List<Line> lasting = lines.lasting();
    boolean full = lasting.size() >= Lines.MOST_LASTING;
    Optional<Line> worse = lasting.stream().filter(one -> full && !best.contains(one)).findFirst();
    worse.ifPresent(one -> lines.release(one, now));
    lines.last(line);
    offer(line).ifPresent(offer -> events.add(new AttachmentEvent.Attached(offer)));
    worse
        .flatMap(Line::node)
        .ifPresent(node -> events.add(new AttachmentEvent.Detached(node, "a better one is there")));
  }

  private void refused(Line line, String why, MonotonicTime now) {
    line.place().failed(why, registrar.refusedFor(line), means, now);
    end(line, why);
  }

  /** Ends it for a reason of this peer's. */
  private void end(Line line, String why) {
    detached(line, why);
    lines.close(line);
  }

  private void detached(Line line, String why) {
    if (lines.isLasting(line)) {
      line.node().ifPresent(node -> events.add(new AttachmentEvent.Detached(node, why)));
    }
  }

  private void forget(Line line) {
    time.gone(line);
    registrar.gone(line);
    gossip.gone(line);
    credentials.gone(line);
    departures.gone(line);
  }

  private void handle(Line line, ClientEvent event, MonotonicTime now) {
    if (event instanceof ClientEvent.Welcomed welcomed) {
      welcomed(line, welcomed, now);
    } else if (event instanceof ClientEvent.Answered answered) {
      line.answered(answered);
    } else if (event instanceof ClientEvent.Said said) {
      line.touch(now);
      line.node().ifPresent(node -> errands.heard(said.from(), node));
      events.add(new AttachmentEvent.Said(said.from(), said.sealed()));
    } else if (event instanceof ClientEvent.Redirected redirected) {
      departures.redirected(line, redirected.redirect(), now);
    } else if (event instanceof ClientEvent.Ended ended) {
      ended(line, ended, now);
    }
  }

  private void welcomed(Line line, ClientEvent.Welcomed its, MonotonicTime now) {
    // The node has already given up the earlier connection for this one.
    lines.twin(line, its.node()).ifPresent(twin -> end(twin, "it was reached another way"));
    places.answered(line.place(), its.node(), its.welcome().resume());
    departures.welcomed(line, now);
    time.heard(line, its.clockAhead());
    if (!blocked.isEmpty()) {
      block(line, now);
    }
    complaint.isOver();
    line.welcomed(its, now);
  }

  private void ended(Line line, ClientEvent.Ended its, MonotonicTime now) {
    if (!lines.all().contains(line)) {
      return;
    }
    detached(line, its.reason());
    departures.ended(line, now);
    if (its.lied()) {
      line.url().ifPresent(line.place()::lied);
    }
    line.place().failed(its.reason(), its.retryAfter(), means, now);
    if (lines.all().stream().anyMatch(Line::isWelcome)) {
      line.place().doubt();
    }
    lines.remove(line);
    line.over();
  }

  Optional<MonotonicTime> nextDeadline() {
    if (closed) {
      return Optional.empty();
    }
    Stream<Optional<MonotonicTime>> always =
        Stream.of(lines.nextDeadline(), record.nextDeadline(), errands.nextDeadline(), drained);
    Stream<Optional<MonotonicTime>> staying =
        Stream.of(
            choice.nextDeadline(),
            vicinity.nextDeadline(),
            registrar.nextDeadline(),
            gossip.nextDeadline(),
            credentials.nextDeadline(),
            departures.nextDeadline());
    return Stream.concat(always, drained.isPresent() ? Stream.empty() : staying)
        .flatMap(Optional::stream)
        .min(MonotonicTime::compareTo);
  }

  Optional<AttachmentEvent> pollEvent() {
    return Optional.ofNullable(events.poll());
  }
}
