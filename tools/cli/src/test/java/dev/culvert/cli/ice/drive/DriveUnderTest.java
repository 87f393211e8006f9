package dev.culvert.cli.ice.drive;

import dev.culvert.cli.lab.verb.JsonFields;
import dev.culvert.ice.IcePolicy;
import dev.culvert.ice.engine.IceEngine;
import dev.culvert.peer.SessionEngine;
import dev.culvert.session.LocalAddress;
import dev.culvert.session.SessionConfig;
import dev.culvert.transport.NetworkRuntime;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A drive on 127.0.0.1, and the program that gives it orders. */
final class DriveUnderTest implements AutoCloseable, DriveHost {
  private static final long SECONDS = 60;

  private final NetworkRuntime runtime = NetworkRuntime.create();
  private final BlockingQueue<String> events = new LinkedBlockingQueue<>();
  private final Drive drive = new Drive(this, events::add);
  private final OutputStream orders = new PipedOutputStream();
  private final Thread thread;

  DriveUnderTest() throws IOException {
    PipedInputStream in = new PipedInputStream((PipedOutputStream) orders, 1 << 20);
    thread = new Thread(() -> drive.run(in), "drive-under-test");
    thread.start();
  }

  @Override
  public String engine() {
    return "culvert";
  }

  @Override
  public IcePolicy policy() {
    return IcePolicy.PREFER_DIRECT;
  }

  @Override
  public IceEngine make(String name) {
    if (!name.equals("culvert")) {
      throw new IllegalArgumentException("no engine " + name);
    }
    return SessionEngine.start(runtime, SessionConfig.of(addresses()));
  }

  @Override
  public List<LocalAddress> addresses() {
    return List.of(new LocalAddress("lo", InetAddress.getLoopbackAddress()));
  }

  /** Gives an order, whose apostrophes stand for quotation marks. */
  void order(String line) throws IOException {
    raw(line.replace('\'', '"'));
  }

  void raw(String line) throws IOException {
    orders.write((line + "\n").getBytes(StandardCharsets.UTF_8));
    orders.flush();
  }

  /** The next event of this name; those before it are passed over. */
  String line(String event) throws InterruptedException {
    for (; ; ) {
      String line = events.poll(SECONDS, TimeUnit.SECONDS);
      if (line == null) {
        throw new AssertionError("no event " + event);
      }
      if (line.contains("\"event\":\"" + event + "\"")) {
        return line;
      }
    }
  }

  /** Its scalar fields. */
  Map<String, String> event(String name) throws Exception {
    return JsonFields.read(line(name));
  }

  /** A field of the next event of this name; empty text if it has none. */
  String field(String name, String field) throws Exception {
    return event(name).getOrDefault(field, "");
  }

  /** Waits until a connection is in this state. */
  void awaitState(String state) throws Exception {
    String its = field("state", "state");
    while (!its.equals(state)) {
      its = field("state", "state");
    }
  }

  /** The description in the next event of this name, as JSON. */
  String description(String event) throws Exception {
    String line = line(event);
    return line.substring(
        line.indexOf("\"description\":") + "\"description\":".length(), line.indexOf(",\"sdp\":"));
  }

  /** Waits for the end of the orders. */
  void awaitEnd() {
    try {
      thread.join(TimeUnit.SECONDS.toMillis(SECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (thread.isAlive()) {
      throw new AssertionError("it goes on");
    }
  }

  @Override
  public void close() throws IOException {
    orders.close();
    awaitEnd();
    drive.close();
    runtime.close();
  }
}
