package dev.culvert.it;

import dev.culvert.cli.Culvert;
import dev.culvert.lab.LabHost;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** {@code culvert ice drive} on a host of a lab. Safe for any thread. */
final class DrivenPeer implements AutoCloseable {
  private static final Duration GRACE = Duration.ofSeconds(8);

  private final String name;
  private final Process process;
  private final OutputStream orders;
  private final Map<String, DrivenConnection> connections = new ConcurrentHashMap<>();
  private final List<String> notes = new CopyOnWriteArrayList<>();
  private final CompletableFuture<DrivenEvent> ready = new CompletableFuture<>();
  private final CompletableFuture<Void> over = new CompletableFuture<>();

  private DrivenPeer(String name, Process process) {
    this.name = name;
    this.process = process;
    this.orders = process.getOutputStream();
    Thread reader = new Thread(this::read, "driven-" + name);
    reader.setDaemon(true);
    reader.start();
  }

  /** Starts it; {@link #awaitReady} waits until it reads orders. */
  static DrivenPeer on(LabHost host, String... options) throws IOException {
    return on(host, List.of(options));
  }

  static DrivenPeer on(LabHost host, List<String> options) throws IOException {
    List<String> words = new ArrayList<>(List.of("ice", "drive"));
    words.addAll(options);
    List<String> line = ChildJvm.java(Culvert.class, words.toArray(new String[0]));
    line.replaceAll(word -> word.equals("-Xmx512m") ? "-Xmx128m" : word);
    // In a lab every process has a low number, and those of several labs share the JVM's files.
    line.addAll(1, List.of("-XX:+UseSerialGC", "-XX:-UsePerfData"));
    return new DrivenPeer(host.name(), host.command(line).redirectErrorStream(true).start());
  }

  /** Waits until it reads orders, and tells what it has. */
  DrivenEvent awaitReady() throws InterruptedException {
    try {
      return ready.get(Limits.SLOW.toSeconds(), TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new AssertionError(name + " is not ready; it wrote: " + notes, e);
    }
  }

  /**
   * Opens a connection.
   *
   * @param id what it is called
   * @param fields of the order, names and values in turn
   */
  DrivenConnection open(String id, String role, String... fields) throws IOException {
    DrivenConnection connection = new DrivenConnection(this, id);
    connections.put(id, connection);
    List<String> all = new ArrayList<>(List.of("role", role));
    all.addAll(List.of(fields));
    connection.order("open", all.toArray(new String[0]));
    return connection;
  }

  /** Gives an order as it is. */
  synchronized void order(String line) throws IOException {
    orders.write((line + "\n").getBytes(StandardCharsets.UTF_8));
    orders.flush();
  }

  /** What it wrote besides events, and what it told of no connection. */
  List<String> notes() {
    return List.copyOf(notes);
  }

  /** The process that leads to it; its child runs on the host. */
  Process process() {
    return process;
  }

  private void read() {
    try (BufferedReader in =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        take(line);
      }
    } catch (IOException e) {
      // The pipe breaks when the process is killed.
    } finally {
      ready.completeExceptionally(new IOException("it ended"));
      connections.values().forEach(its -> its.gone("the peer ended, and wrote " + notes));
      over.complete(null);
    }
  }

  private void take(String line) throws IOException {
    if (!line.startsWith("{\"at\":")) {
      notes.add(line);
      return;
    }
    DrivenEvent event = DrivenEvent.parse(line);
    DrivenConnection connection = connections.get(event.field("id"));
    if (event.name().equals("ready")) {
      ready.complete(event);
    } else if (connection == null) {
      notes.add(line);
    } else {
      connection.heard(event);
    }
  }

  @Override
  public String toString() {
    return name;
  }

  /** Lets it end in good order, and does not wait for that. */
  void quit() {
    try {
      orders.close();
    } catch (IOException e) {
      // It has ended already.
    }
  }

  /** Ends it, in good order if it will. */
  @Override
  public void close() {
    quit();
    try {
      over.get(GRACE.toSeconds(), TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      kill();
    } catch (InterruptedException e) {
      kill();
      Thread.currentThread().interrupt();
    }
  }

  /** Ends it as a crash would. */
  void kill() {
    process.children().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }
}
