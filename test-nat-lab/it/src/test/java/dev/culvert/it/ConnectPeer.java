package dev.culvert.it;

import dev.culvert.cli.Culvert;
import dev.culvert.cli.lab.verb.JsonFields;
import dev.culvert.identity.PeerId;
import dev.culvert.identity.PeerKey;
import dev.culvert.lab.LabHost;
import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.IpLiterals;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/** {@code culvert lab peer} on a host of a lab. Safe for any thread. */
final class ConnectPeer implements AutoCloseable {
  private static final Duration GRACE = Duration.ofSeconds(8);

  private final PeerId id;
  private final Process process;
  private final OutputStream orders;
  private final Map<String, Map<String, String>> standing = new ConcurrentHashMap<>();
  private final Queue<String> notes = new ConcurrentLinkedQueue<>();
  private volatile int attached;

  private ConnectPeer(String name, PeerId id, Process process) {
    this.id = id;
    this.process = process;
    this.orders = process.getOutputStream();
    Thread reader = new Thread(this::read, "peer-" + name);
    reader.setDaemon(true);
    reader.start();
  }

  /** Starts it; {@link #awaitAttached} waits until it is found. */
  static ConnectPeer on(LabHost host, ConnectNode node) throws Exception {
    byte[] seed =
        MessageDigest.getInstance("SHA-256").digest(host.name().getBytes(StandardCharsets.UTF_8));
    List<String> line =
        ChildJvm.java(
            Culvert.class,
            "lab",
            "peer",
            "--address=" + IpLiterals.format(host.firstIpv4().orElseThrow(), false),
            "--seed=" + Bytes.wrap(seed).hex(),
            "--node=" + node.known());
    line.replaceAll(word -> word.equals("-Xmx512m") ? "-Xmx128m" : word);
    // In a lab every process has a low number, and those of several labs share the JVM's files.
    line.addAll(1, List.of("-XX:+UseSerialGC", "-XX:-UsePerfData"));
    Process process = host.command(line).redirectErrorStream(true).start();
    return new ConnectPeer(host.name(), PeerKey.ofSeed(Bytes.wrap(seed)).id(), process);
  }

  PeerId id() {
    return id;
  }

  void awaitAttached() throws Exception {
    Eventually.until("a node: " + notes, Limits.SLOW, () -> attached > 0);
  }

  /** Lets it connect to another; what was before is forgotten. */
  void call(ConnectPeer other) throws IOException {
    standing.remove(other.id.toString());
    order("call " + other.id);
  }

  void hangUp(ConnectPeer other) throws IOException {
    order("close " + other.id);
    standing.remove(other.id.toString());
  }

  private synchronized void order(String line) throws IOException {
    orders.write((line + "\n").getBytes(StandardCharsets.UTF_8));
    orders.flush();
  }

  /** How its connection with another stands; empty before there is any. */
  Map<String, String> with(ConnectPeer other) {
    return standing.getOrDefault(other.id.toString(), Map.of());
  }

  /** What it wrote that nobody understands. */
  String notes() {
    return String.join("\n", notes);
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
    }
  }

  private void take(String line) {
    try {
      Map<String, String> fields = JsonFields.read(line);
      if (fields.containsKey("attached")) {
        attached = Integer.parseInt(fields.getOrDefault("attached", "0"));
      } else {
        standing.put(fields.getOrDefault("peer", ""), Map.copyOf(fields));
      }
    } catch (IOException e) {
      notes.add(line);
    }
  }

  /** Lets it end in good order, and does not wait for that. */
  void quit() {
    try {
      orders.close();
    } catch (IOException e) {
      // It has ended already.
    }
  }

  @Override
  public void close() {
    quit();
    try {
      if (!process.waitFor(GRACE.toSeconds(), java.util.concurrent.TimeUnit.SECONDS)) {
        kill();
      }
    } catch (InterruptedException e) {
      kill();
      Thread.currentThread().interrupt();
    }
  }

  private void kill() {
    process.children().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }
}
