package dev.culvert.ice4j;

import dev.culvert.ice.Base;
import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.Flow;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import org.ice4j.socket.IceSocketWrapper;

/**
 * Reads what is no STUN from one socket of ice4j's, on a thread of its own that ends with the
 * socket; passes on what comes from addresses that checks have proven.
 */
final class Reader implements Runnable {
  private static final int LONGEST = 1_500;

  private final Base base;
  private final IceSocketWrapper socket;
  private final BiConsumer<Flow, Bytes> sink;
  private final Set<InetSocketAddress> proven = ConcurrentHashMap.newKeySet();

  Reader(Base base, IceSocketWrapper socket, BiConsumer<Flow, Bytes> sink) {
    this.base = base;
    this.socket = socket;
    this.sink = sink;
  }

  static Reader start(Base base, IceSocketWrapper socket, BiConsumer<Flow, Bytes> sink) {
    Reader reader = new Reader(base, socket, sink);
    Thread thread = new Thread(reader, "culvert-ice4j-reader-" + base.address());
    thread.setDaemon(true);
    thread.start();
    return reader;
  }

  Base base() {
    return base;
  }

  IceSocketWrapper socket() {
    return socket;
  }

  void prove(InetSocketAddress remote) {
    proven.add(remote);
  }

  @Override
  public void run() {
    byte[] buffer = new byte[LONGEST];
    DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
    try {
      while (true) {
        packet.setData(buffer);
        socket.receive(packet);
        InetSocketAddress from = new InetSocketAddress(packet.getAddress(), packet.getPort());
        if (proven.contains(from)) {
          int begin = packet.getOffset();
          sink.accept(
              base.to(Forms.ours(from)),
              Bytes.wrap(Arrays.copyOfRange(packet.getData(), begin, begin + packet.getLength())));
        }
      }
    } catch (IOException e) {
      // Closed.
    }
  }
}
