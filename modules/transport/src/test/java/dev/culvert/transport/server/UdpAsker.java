package dev.culvert.transport.server;

import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.IpLiterals;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.stun.Method;
import dev.culvert.stun.StunCodec;
import dev.culvert.stun.StunMessage;
import dev.culvert.stun.TransactionId;
import dev.culvert.stun.attribute.Attribute;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Random;

/** A plain UDP client that sees from where an answer came. */
final class UdpAsker implements AutoCloseable {
  private static final int PATIENCE_MILLIS = 60_000;
  private static final Random RANDOM = new Random(42);

  private final DatagramSocket socket;

  /** What came, and from where. */
  record Answer(Bytes wire, TransportAddress from) {
    StunMessage message() {
      return StunCodec.decode(wire).packet().orElseThrow().message();
    }
  }

  UdpAsker(String local) throws IOException {
    socket = new DatagramSocket(new InetSocketAddress(ip(local), 0));
    socket.setSoTimeout(PATIENCE_MILLIS);
    socket.setReceiveBufferSize(4 << 20);
  }

  static InetAddress ip(String text) {
    return IpLiterals.parse(text).orElseThrow();
  }

  /** Whether this machine has an address: IPv6 may be off, and macOS has but one of 127/8. */
  static boolean isLocal(String text) {
    try (DatagramSocket probe = new DatagramSocket(new InetSocketAddress(ip(text), 0))) {
      return probe.isBound();
    } catch (IOException e) {
      return false;
    }
  }

  /** Whether nobody has a port. */
  static boolean isFree(TransportAddress address) {
    try (DatagramSocket probe = new DatagramSocket(address.toSocketAddress())) {
      return probe.isBound();
    } catch (IOException e) {
      return false;
    }
  }

  static StunMessage binding(Attribute... attributes) {
    return StunMessage.request(Method.BINDING, TransactionId.random(RANDOM), attributes);
  }

  TransportAddress local() {
    return TransportAddress.of((InetSocketAddress) socket.getLocalSocketAddress());
  }

  void send(Bytes wire, TransportAddress to) throws IOException {
    socket.send(new DatagramPacket(wire.toByteArray(), wire.length(), to.toSocketAddress()));
  }

  Answer receive() throws IOException {
    DatagramPacket packet = new DatagramPacket(new byte[65536], 65536);
    socket.receive(packet);
    Bytes wire = Bytes.copyOf(packet.getData()).slice(0, packet.getLength());
    return new Answer(wire, TransportAddress.of((InetSocketAddress) packet.getSocketAddress()));
  }

  Answer ask(StunMessage request, TransportAddress to) throws IOException {
    send(StunCodec.encode(request), to);
    Answer answer = receive();
    if (!answer.message().transactionId().equals(request.transactionId())) {
      throw new AssertionError("an answer to something else: " + answer.message());
    }
    return answer;
  }

  @Override
  public void close() {
    socket.close();
  }
}
