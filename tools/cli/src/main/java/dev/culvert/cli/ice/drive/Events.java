package dev.culvert.cli.ice.drive;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.function.Consumer;

/**
 * Lines of output, each a JSON object. Threads of engines leave them here and go on; one thread of
 * its own writes them. Safe for any thread.
 */
final class Events implements AutoCloseable {
  /** So much may wait for whoever reads slowly; then datagrams are lost, as they would be. */
  private static final long ROOM = 8L << 20;

  private static final JsonFactory JSON = new JsonFactory();

  private final Consumer<String> out;
  private final long began = System.nanoTime();
  private final Queue<String> waiting = new ArrayDeque<>();
  private final Thread writer = new Thread(this::write, "culvert-drive-events");
  private long size;
  private boolean closed;

  /** What an event has beside its name. */
  @FunctionalInterface
  interface Fields {
    void write(JsonGenerator out) throws IOException;
  }

  Events(Consumer<String> out) {
    this.out = out;
    writer.setDaemon(true);
    writer.start();
  }

  /** What the system's monotonic clock said when {@code at} was 0, in milliseconds. */
  BigDecimal origin() {
    return BigDecimal.valueOf(began, 6);
  }

  /** Tells of something of no connection. */
  void tell(String event, Fields fields) {
    tell(event, Optional.empty(), fields);
  }

  /** Tells of something of the connection that is called {@code id}. */
  void tell(String event, String id, Fields fields) {
    tell(event, Optional.of(id), fields);
  }

  void tell(String event, Optional<String> id, Fields fields) {
    add(line(event, id, fields), true);
  }

  /** The same of a datagram, which is dropped where nobody reads. */
  void tellData(String event, String id, Fields fields) {
    add(line(event, Optional.of(id), fields), false);
  }

  private String line(String event, Optional<String> id, Fields fields) {
    long at = System.nanoTime() - began;
    StringWriter text = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(text)) {
      json.writeStartObject();
      json.writeNumberField("at", BigDecimal.valueOf(at, 6));
      json.writeStringField("event", event);
      if (id.isPresent()) {
        json.writeStringField("id", id.get());
      }
      fields.write(json);
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }

  private synchronized void add(String line, boolean surely) {
    if (!closed && (surely || size < ROOM)) {
      waiting.add(line);
      size += line.length();
      notifyAll();
    }
  }

  /** Waits until there is room again, for whoever may wait. */
  synchronized void awaitRoom() throws InterruptedException {
    while (size >= ROOM && !closed) {
      wait();
    }
  }

  private void write() {
    try {
      for (String line = take(); !line.isEmpty(); line = take()) {
        out.accept(line);
        written(line);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Empty text at the end of all. */
  private synchronized String take() throws InterruptedException {
    while (waiting.isEmpty() && !closed) {
      wait();
    }
    return waiting.isEmpty() ? "" : waiting.remove();
  }

  private synchronized void written(String line) {
    size -= line.length();
    notifyAll();
  }

  /** Writes what waits; nothing is taken any more. */
  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      notifyAll();
    }
    try {
      writer.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
