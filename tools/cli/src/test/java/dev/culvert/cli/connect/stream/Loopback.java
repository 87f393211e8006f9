package dev.culvert.cli.connect.stream;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.sansio.Bytes;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** Streams over TCP connections on the loopback, and what a reception tells of them. */
final class Loopback implements AutoCloseable, Reception.Listener {
  static final int PATIENCE_SECONDS = 60;
  static final int LONGEST = 1_100;

  final BlockingQueue<Path> files = new LinkedBlockingQueue<>();
  final BlockingQueue<String> faults = new LinkedBlockingQueue<>();
  final BlockingQueue<String> pipes = new LinkedBlockingQueue<>();
  private final ServerSocket server;
  final FlowDatagrams there = new FlowDatagrams(datagram -> carry(datagram, false), () -> LONGEST);
  final FlowDatagrams here = new FlowDatagrams(datagram -> carry(datagram, true), () -> LONGEST);
  final AtomicInteger carried = new AtomicInteger();

  /** Streams that this takes. */
  Loopback(Consumer<TwoWay> taker) throws IOException {
    server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Threads.start("accept", () -> accept(taker));
  }

  /** Streams that a reception takes which waits so long to hear what each is for. */
  Loopback(Services services, Duration patience) throws IOException {
    server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Reception reception = new Reception(services, this, patience);
    Threads.start("accept", () -> accept(stream -> reception.take("somebody", stream, there)));
  }

  /** Streams that a reception takes. */
  static Loopback serving(Services services) throws IOException {
    return new Loopback(services, Duration.ofDays(1));
  }

  static InetSocketAddress any() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  }

  private void accept(Consumer<TwoWay> taker) {
    try {
      while (true) {
        taker.accept(new SocketWay(server.accept()));
      }
    } catch (IOException e) {
      // It is closed.
    }
  }

  private boolean carry(Bytes datagram, boolean toThere) {
    assertTrue(datagram.length() <= LONGEST);
    carried.incrementAndGet();
    (toThere ? there : here).take(datagram);
    return true;
  }

  TwoWay open() throws IOException {
    Socket socket = new Socket(server.getInetAddress(), server.getLocalPort());
    socket.setSoTimeout(PATIENCE_SECONDS * 1000);
    return new SocketWay(socket);
  }

  @Override
  public void began(String from, Purpose purpose) {}

  @Override
  public void received(String from, Path file, long size) {
    files.add(file);
  }

  @Override
  public void pipeEnded(Traffic traffic, String fault) {
    pipes.add(traffic.sent() + " " + traffic.received() + " " + fault);
  }

  @Override
  public void failed(String from, String fault) {
    faults.add(fault);
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
