package dev.culvert.cli.node.external;

import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.stun.MessageClass;
import dev.culvert.stun.StunCodec;
import dev.culvert.stun.StunMessage;
import dev.culvert.stun.StunPacket;
import java.io.IOException;
import java.net.BindException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** A UDP socket on one of a relay's ports for the time of a test. Confined to one thread. */
final class ProbeSocket implements AutoCloseable {
  private static final int BIND_ATTEMPTS = 32;

  private final DatagramSocket socket;
  private final TransportAddress local;

  private ProbeSocket(DatagramSocket socket, InetAddress ip) {
    this.socket = socket;
    local = new TransportAddress(ip, socket.getLocalPort());
  }

  /** A socket on any free port from {@code first} to {@code last}. */
  static ProbeSocket open(InetAddress ip, int first, int last, RandomGenerator random)
      throws IOException {
    for (int attempt = 1; ; attempt++) {
      int port = first + random.nextInt(last - first + 1);
      try {
        return new ProbeSocket(new DatagramSocket(new InetSocketAddress(ip, port)), ip);
      } catch (BindException e) {
        if (attempt == BIND_ATTEMPTS) {
          throw e;
        }
      }
    }
  }

  TransportAddress local() {
    return local;
  }

  void send(StunMessage message, TransportAddress to) throws IOException {
    Bytes wire = StunCodec.encode(message);
    socket.send(new DatagramPacket(wire.toByteArray(), wire.length(), to.toSocketAddress()));
  }

  /** The next response to {@code request} that comes within {@code patience}, from anywhere. */
  Optional<StunMessage> await(StunMessage request, Duration patience) throws IOException {
    long end = System.nanoTime() + patience.toNanos();
    while (true) {
      long millis = (end - System.nanoTime()) / 1_000_000;
      if (millis <= 0) {
        return Optional.empty();
      }
      socket.setSoTimeout((int) millis);
      DatagramPacket packet = new DatagramPacket(new byte[1500], 1500);
      try {
        socket.receive(packet);
      } catch (SocketTimeoutException e) {
        return Optional.empty();
      }
      Bytes wire = Bytes.copyOf(packet.getData()).slice(0, packet.getLength());
      Optional<StunMessage> response =
          StunCodec.decode(wire)
              .packet()
              .map(StunPacket::message)
              .filter(message -> message.transactionId().equals(request.transactionId()))
              .filter(message -> message.messageClass() != MessageClass.REQUEST);
      if (response.isPresent()) {
        return response;
      }
    }
  }

  @Override
  public void close() {
    socket.close();
  }
}
