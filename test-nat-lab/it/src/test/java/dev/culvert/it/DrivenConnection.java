package dev.culvert.it;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * A connection of a {@link DrivenPeer}: what it was told, and what it tells. Safe for any thread.
 */
final class DrivenConnection {
  private static final JsonFactory JSON = new JsonFactory();

  private final DrivenPeer peer;
  private final String id;
  private final List<DrivenEvent> events = new ArrayList<>();
  private final List<Consumer<DrivenEvent>> listeners = new ArrayList<>();
  private Optional<String> ended = Optional.empty();

  DrivenConnection(DrivenPeer peer, String id) {
    this.peer = peer;
    this.id = id;
  }

  String id() {
    return id;
  }

  DrivenPeer peer() {
    return peer;
  }

  /**
   * Gives an order.
   *
   * @param fields names and values in turn; a value that begins with a brace is JSON
   */
  void order(String word, String... fields) throws IOException {
    StringWriter text = new StringWriter();
    try (JsonGenerator out = JSON.createGenerator(text)) {
      out.writeStartObject();
      out.writeStringField("do", word);
      out.writeStringField("id", id);
      for (int i = 0; i < fields.length; i += 2) {
        out.writeFieldName(fields[i]);
        if (fields[i + 1].startsWith("{")) {
          out.writeRawValue(fields[i + 1]);
        } else {
          out.writeString(fields[i + 1]);
        }
      }
      out.writeEndObject();
    }
    peer.order(text.toString());
  }

  void send(byte[] data) throws IOException {
    order("send", "data", Base64.getEncoder().encodeToString(data));
  }

  /** All events so far. */
  synchronized List<DrivenEvent> events() {
    return List.copyOf(events);
  }

  /** How many events there are by now, to look for later ones alone. */
  synchronized int mark() {
    return events.size();
  }

  /** The last event of this name, if there is one. */
  synchronized Optional<DrivenEvent> last(String name) {
    return events.stream().filter(its -> its.name().equals(name)).reduce((a, b) -> b);
  }

  /** Calls {@code listener} with every event from the first on; it must not wait. */
  synchronized void listen(Consumer<DrivenEvent> listener) {
    events.forEach(listener);
    listeners.add(listener);
  }

  /** Waits for an event of this name. */
  DrivenEvent await(String name, Duration limit) throws InterruptedException {
    return await(0, name, limit, its -> its.name().equals(name));
  }

  /**
   * Waits for an event.
   *
   * @param from how many events to pass over
   * @param what it is, for people
   */
  DrivenEvent await(int from, String what, Duration limit, Predicate<DrivenEvent> wanted)
      throws InterruptedException {
    return awaitOr(from, limit, wanted)
        .orElseThrow(() -> new AssertionError(this + " had no " + what + " in time: " + story()));
  }

  /** The same; empty if it does not come in time. */
  synchronized Optional<DrivenEvent> awaitOr(
      int from, Duration limit, Predicate<DrivenEvent> wanted) throws InterruptedException {
    long deadline = System.nanoTime() + limit.toNanos();
    int at = from;
    while (true) {
      for (; at < events.size(); at++) {
        if (wanted.test(events.get(at))) {
          return Optional.of(events.get(at));
        }
      }
      long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
      if (left <= 0 || ended.isPresent()) {
        return Optional.empty();
      }
      wait(left);
    }
  }

  /** What it told, without data, for people. */
  synchronized String story() {
    StringBuilder text = new StringBuilder();
    for (DrivenEvent event : events) {
      if (!event.name().equals("received")) {
        text.append("\n  ").append(event.field("at")).append(' ').append(event.name());
        event.fields().forEach((name, value) -> append(text, name, value));
      }
    }
    ended.ifPresent(its -> text.append("\n  ended: ").append(its));
    return text.toString();
  }

  private static void append(StringBuilder text, String name, String value) {
    if (!List.of("at", "event", "id", "sdp").contains(name)) {
      text.append(' ').append(name).append('=').append(value);
    }
  }

  /** On the peer's thread. */
  synchronized void heard(DrivenEvent event) {
    events.add(event);
    listeners.forEach(each -> each.accept(event));
    notifyAll();
  }

  /** Its peer is gone. */
  synchronized void gone(String reason) {
    ended = Optional.of(reason);
    notifyAll();
  }

  @Override
  public String toString() {
    return id + " on " + peer;
  }
}
