package dev.culvert.transport;

import dev.culvert.sansio.TransportAddress;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.SocketAddress;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Passes datagrams between one client and a server on loopback, not all of them and not in order.
 */
final class LossyRelay implements AutoCloseable {
  /** What happens to a datagram. */
  enum Fate {
    PASS,
    DROP,
    /** It goes twice. */
    DOUBLE,
    /** The next in either direction overtakes it. */
    DELAY
  }

  private final DatagramSocket socket;
  private final TransportAddress server;
  private final IntFunction<Fate> fate;
  private final Deque<DatagramPacket> delayed = new ArrayDeque<>();
  private final List<Fate> fates = new CopyOnWriteArrayList<>();
  private @Nullable SocketAddress client;

  /** {@code fate} decides by the datagram's number, counted over both directions. */
  LossyRelay(TransportAddress server, IntFunction<Fate> fate) throws IOException {
    this.server = server;
    this.fate = fate;
    socket = new DatagramSocket(0, Loopback.ip("127.0.0.1"));
    Thread thread = new Thread(this::run, "lossy-relay");
    thread.setDaemon(true);
    thread.start();
  }

  TransportAddress address() {
    return new TransportAddress(socket.getLocalAddress(), socket.getLocalPort());
  }

  /** What became of each datagram so far. */
  List<Fate> fates() {
    return List.copyOf(fates);
  }

  private void run() {
    byte[] buffer = new byte[65_536];
    try {
      while (true) {
        DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
        socket.receive(packet);
        boolean fromServer = packet.getSocketAddress().equals(server.toSocketAddress());
        if (!fromServer) {
          client = packet.getSocketAddress();
        }
        byte[] copy = Arrays.copyOf(buffer, packet.getLength());
        SocketAddress target = fromServer && client != null ? client : server.toSocketAddress();
        pass(new DatagramPacket(copy, copy.length, target));
      }
    } catch (IOException e) {
      // Closed.
    }
  }

  private void pass(DatagramPacket packet) throws IOException {
    Fate its = fate.apply(fates.size());
    fates.add(its);
    if (its == Fate.DELAY) {
      delayed.add(packet);
      return;
    }
    if (its != Fate.DROP) {
      socket.send(packet);
    }
    if (its == Fate.DOUBLE) {
      socket.send(packet);
    }
    while (!delayed.isEmpty()) {
      socket.send(delayed.remove());
    }
  }

  @Override
  public void close() {
    socket.close();
  }
}
