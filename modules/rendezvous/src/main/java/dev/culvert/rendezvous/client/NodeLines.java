package dev.culvert.rendezvous.client;

import dev.culvert.identity.PeerId;
import dev.culvert.identity.PeerKey;
import dev.culvert.rendezvous.KnownNode;
import dev.culvert.rendezvous.wire.Frame;
import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.Flow;
import dev.culvert.sansio.Input;
import dev.culvert.sansio.Machine;
import dev.culvert.sansio.MonotonicTime;
import dev.culvert.sansio.Output;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.function.LongFunction;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/**
 * A connection with each of a few nodes at once, for what is done in a minute and has to find the
 * one node where somebody waits. A peer that stays uses {@link Attachments}.
 *
 * <p>Confined to one thread.
 */
public final class NodeLines implements Machine<NodeLines.Told> {
  /** The most nodes. */
  public static final int MOST = 8;

  private final MonotonicTime begin;
  private final Means means;
  private final List<Place> places;
  private final Map<Place, Line> lines = new LinkedHashMap<>();
  private final Queue<Told> events = new ArrayDeque<>();
  private long nextRequest = 1;
  private boolean begun;
  private boolean closed;

  /**
   * What a node said; its first is {@link ClientEvent.Welcomed}, its last {@link
   * ClientEvent.Ended}, after which it may begin anew.
   *
   * @param node which
   * @param event what
   */
  public record Told(PeerId node, ClientEvent event) {}

  /**
   * Connections that begin with the first {@link #advance}.
   *
   * @param nodes the first 8 are used
   * @param firstId the ids of its outputs count up from here
   * @param random a {@link java.security.SecureRandom} for anything but a simulation
   * @param clock to compare those of the nodes with
   */
  public NodeLines(
      Collection<KnownNode> nodes,
      PeerKey key,
      long firstId,
      RandomGenerator random,
      InstantSource clock,
      MonotonicTime now) {
    this.begin = now;
    this.means = new Means(key, firstId, random, clock);
    this.places = nodes.stream().limit(MOST).map(Place::new).toList();
  }

  /**
   * Asks a node; the answer is a {@link ClientEvent.Answered}, which comes in any case, and never
   * before this returns.
   *
   * @return the id by which it will be known
   */
  public long ask(PeerId node, LongFunction<Frame.Request> request, MonotonicTime now) {
    long id = nextRequest++;
    Optional<Line> line =
        lines.values().stream()
            .filter(its -> its.isWelcome() && its.node().filter(node::equals).isPresent())
            .findFirst();
    line.ifPresentOrElse(
        its -> its.ask(request, answer -> answered(node, id, answer), now),
        () -> answered(node, id, Optional.empty()));
    return id;
  }

  private void answered(PeerId node, long id, Optional<Frame> answer) {
    events.add(new Told(node, new ClientEvent.Answered(id, answer)));
  }

  /** Whether each node has answered or failed at least once. */
  public boolean isSettled() {
    return begun
        && places.stream()
            .allMatch(
                place ->
                    place.failures() > 0
                        || Optional.ofNullable(lines.get(place))
                            .filter(Line::isWelcome)
                            .isPresent());
  }

  /** Why there is no connection with some nodes, a line each. */
  public List<String> complaints() {
    return places.stream()
        .flatMap(place -> place.reason().map(why -> place.node() + ": " + why).stream())
        .toList();
  }

  /** Closes all; nothing follows. */
  public void close() {
    closed = true;
    lines.values().forEach(Line::close);
    lines.clear();
    events.clear();
  }

  @Override
  public void receive(Flow from, Bytes payload, MonotonicTime now) {
    find(from.id()).ifPresent(line -> line.receive(payload, now));
    settle(now);
  }

  @Override
  public void accept(Input input, MonotonicTime now) {
    long id = 0;
    if (input instanceof Input.Opened opened) {
      id = opened.flow().id();
    } else if (input instanceof Input.Closed gone) {
      id = gone.id();
    } else if (input instanceof Input.Answered answered) {
      id = answered.id();
    }
    find(id).ifPresent(line -> line.accept(input, now));
    settle(now);
  }

  private Optional<Line> find(long id) {
    return lines.values().stream().filter(line -> line.has(id)).findFirst();
  }

  @Override
  public void advance(MonotonicTime now) {
    if (closed) {
      return;
    }
    begun = true;
    for (Place place : places) {
      if (!lines.containsKey(place) && place.isDue(now)) {
        lines.put(place, new Line(place, means, now));
      }
    }
    List.copyOf(lines.values()).forEach(line -> line.advance(now));
    settle(now);
  }

  private void settle(MonotonicTime now) {
    for (Line line : new ArrayList<>(lines.values())) {
      Optional<ClientEvent> event = line.pollEvent();
      for (; event.isPresent(); event = line.pollEvent()) {
        handle(line, event.get(), now);
      }
    }
  }

  private void handle(Line line, ClientEvent event, MonotonicTime now) {
    Place place = line.place();
    Optional<PeerId> node = line.node();
    if (event instanceof ClientEvent.Answered answered) {
      line.answered(answered);
    } else if (event instanceof ClientEvent.Welcomed welcomed) {
      place.learned(welcomed.node());
      place.answered(welcomed.welcome().resume(), 1);
      line.welcomed(welcomed, now);
      events.add(new Told(welcomed.node(), event));
    } else if (event instanceof ClientEvent.Ended ended) {
      if (ended.lied()) {
        line.url().ifPresent(place::lied);
      }
      place.failed(ended.reason(), ended.retryAfter(), means, now);
      lines.remove(place, line);
      line.over();
      node.ifPresent(its -> events.add(new Told(its, event)));
    } else {
      node.ifPresent(its -> events.add(new Told(its, event)));
    }
  }

  @Override
  public Optional<MonotonicTime> nextDeadline() {
    if (closed) {
      return Optional.empty();
    }
    Stream<MonotonicTime> next =
        places.stream()
            .filter(place -> !lines.containsKey(place) && !place.urls().isEmpty())
            .map(place -> place.notBefore().orElse(begin));
    return Stream.concat(
            next, lines.values().stream().map(Line::nextDeadline).flatMap(Optional::stream))
        .min(MonotonicTime::compareTo);
  }

  @Override
  public Optional<Output> pollOutput() {
    return Optional.ofNullable(means.outputs.poll());
  }

  @Override
  public Optional<Told> pollEvent() {
    return Optional.ofNullable(events.poll());
  }
}
