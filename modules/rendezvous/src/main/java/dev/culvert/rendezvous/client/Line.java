package dev.culvert.rendezvous.client;

import dev.culvert.identity.PeerId;
import dev.culvert.rendezvous.NodeUrl;
import dev.culvert.rendezvous.wire.Frame;
import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.Flow;
import dev.culvert.sansio.Input;
import dev.culvert.sansio.MonotonicTime;
import dev.culvert.sansio.Output;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.function.Consumer;
import java.util.function.LongFunction;

/** One connection with a node, from the wish for it to its end. */
final class Line {
  private static final int MOST_WAITING = 1000;

  private record Waiting(
      LongFunction<Frame.Request> request, Consumer<Optional<Frame>> whenAnswered) {}

  private final Place place;
  private final Means means;
  private final Dialling dialling;
  private final Queue<ClientEvent> events = new ArrayDeque<>();
  private final Queue<Waiting> waiting = new ArrayDeque<>();
  private final Map<Long, Consumer<Optional<Frame>>> asked = new HashMap<>();
  private Optional<NodeClient> client = Optional.empty();
  private Optional<NodeUrl> url = Optional.empty();
  private Optional<ClientEvent.Welcomed> welcome = Optional.empty();
  private MonotonicTime used;
  private boolean ended;

  Line(Place place, Means means, MonotonicTime now) {
    this.place = place;
    this.means = means;
    this.used = now;
    this.dialling = new Dialling(place, means, now);
  }

  Place place() {
    return place;
  }

  /** Which node it is, once that is proven. */
  Optional<PeerId> node() {
    return welcome.map(ClientEvent.Welcomed::node);
  }

  Optional<ClientEvent.Welcomed> welcome() {
    return welcome;
  }

  /** Where it leads, once it stands. */
  Optional<NodeUrl> url() {
    return url;
  }

  /** Whether the node is on this very machine. */
  boolean isNear() {
    return client.filter(its -> its.flow().remote().ip().isLoopbackAddress()).isPresent();
  }

  boolean isWelcome() {
    return client.filter(NodeClient::isWelcome).isPresent();
  }

  boolean isEnded() {
    return ended;
  }

  /** Whether somebody waits for something. */
  boolean isBusy() {
    return !waiting.isEmpty() || !asked.isEmpty();
  }

  /** When it was last of use. */
  MonotonicTime used() {
    return used;
  }

  void touch(MonotonicTime now) {
    used = now;
  }

  /** Whether an input with this id is for it. */
  boolean has(long id) {
    return dialling.has(id) || client.filter(its -> its.flow().id() == id).isPresent();
  }

  /** Asks as soon as that is possible; the answer is empty if there will be none. */
  void ask(
      LongFunction<Frame.Request> request,
      Consumer<Optional<Frame>> whenAnswered,
      MonotonicTime now) {
    used = now;
    if (ended || waiting.size() >= MOST_WAITING) {
      whenAnswered.accept(Optional.empty());
    } else if (isWelcome()) {
      client.ifPresent(its -> asked.put(its.ask(request, now), whenAnswered));
      drain();
    } else {
      waiting.add(new Waiting(request, whenAnswered));
    }
  }

  /** Finds out whether it still leads there. */
  void check(MonotonicTime now) {
    client.ifPresent(its -> its.check(now));
    drain();
  }

  /** Asks what had to wait. */
  void welcomed(ClientEvent.Welcomed its, MonotonicTime now) {
    welcome = Optional.of(its);
    List<Waiting> those = new ArrayList<>(waiting);
    waiting.clear();
    those.forEach(one -> ask(one.request(), one.whenAnswered(), now));
  }

  void answered(ClientEvent.Answered its) {
    Consumer<Optional<Frame>> whenAnswered = asked.remove(its.request());
    if (whenAnswered != null) {
      whenAnswered.accept(its.answer());
    }
  }

  void receive(Bytes message, MonotonicTime now) {
    client.ifPresent(its -> its.receive(message, now));
    drain();
  }

  void accept(Input input, MonotonicTime now) {
    if (client.isPresent()) {
      client.get().accept(input);
      drain();
    } else if (!ended) {
      dialling.accept(input, now).ifPresent(opened -> stands(opened, now));
      fail();
    }
  }

  private void stands(Dialling.Opened opened, MonotonicTime now) {
    Flow flow = opened.flow();
    url = Optional.of(opened.url());
    client =
        Optional.of(
            new NodeClient(
                flow,
                means.key,
                opened.url().toString(),
                place.pin(),
                place.resume(),
                means.random,
                means.clock,
                now));
  }

  void advance(MonotonicTime now) {
    if (client.isPresent()) {
      client.get().advance(now);
      drain();
    } else if (!ended) {
      dialling.advance(now);
      fail();
    }
  }

  private void fail() {
    dialling
        .failure()
        .filter(why -> client.isEmpty() && !ended)
        .ifPresent(
            why -> {
              ended = true;
              events.add(new ClientEvent.Ended(why, Optional.empty(), false, false));
            });
  }

  Optional<MonotonicTime> nextDeadline() {
    if (ended) {
      return Optional.empty();
    }
    return client.isPresent() ? client.get().nextDeadline() : dialling.nextDeadline();
  }

  /** Ends it; whoever waits hears that there will be no answer. */
  void close() {
    if (!ended && client.isEmpty()) {
      dialling.close();
      ended = true;
      events.add(new ClientEvent.Ended("closed", Optional.empty(), false, false));
    }
    client.ifPresent(NodeClient::close);
    drain();
  }

  /** Nobody gets an answer any more. */
  void over() {
    ended = true;
    List<Consumer<Optional<Frame>>> left = new ArrayList<>(asked.values());
    waiting.forEach(one -> left.add(one.whenAnswered()));
    asked.clear();
    waiting.clear();
    left.forEach(one -> one.accept(Optional.empty()));
  }

  private void drain() {
    client.ifPresent(
        its -> {
          for (Optional<Output> next = its.pollOutput();
              next.isPresent();
              next = its.pollOutput()) {
            means.outputs.add(next.get());
          }
          for (Optional<ClientEvent> next = its.pollEvent();
              next.isPresent();
              next = its.pollEvent()) {
            events.add(next.get());
          }
        });
  }

  Optional<ClientEvent> pollEvent() {
    return Optional.ofNullable(events.poll());
  }

  /** How long nobody has had use for it. */
  Duration unusedSince(MonotonicTime now) {
    return now.since(used);
  }
}
