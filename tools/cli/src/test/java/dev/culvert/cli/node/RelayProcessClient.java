package dev.culvert.cli.node;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.Flow;
import dev.culvert.sansio.IpLiterals;
import dev.culvert.sansio.Transport;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.stun.ClientRequest;
import dev.culvert.stun.LongTermClient;
import dev.culvert.stun.LongTermCredential;
import dev.culvert.stun.Method;
import dev.culvert.stun.ResponseCheck;
import dev.culvert.stun.StunCodec;
import dev.culvert.stun.StunMessage;
import dev.culvert.stun.StunPacket;
import dev.culvert.stun.TransactionId;
import dev.culvert.stun.attribute.Attribute;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Random;

/** A relay's client with one UDP socket. */
final class RelayProcessClient implements AutoCloseable {
  private static final InetAddress LOOPBACK = IpLiterals.parse("127.0.0.1").orElseThrow();

  private final Random random = new Random(9);
  private final DatagramSocket socket = new DatagramSocket(new InetSocketAddress(LOOPBACK, 0));
  private final LongTermClient credentials;
  private final Flow flow;
  private int challengeLength;

  RelayProcessClient(int port, String name, String password) throws IOException {
    socket.setSoTimeout(60_000);
    credentials = new LongTermClient(new LongTermCredential(name, password));
    flow =
        new Flow(
            1,
            Transport.UDP,
            new TransportAddress(LOOPBACK, socket.getLocalPort()),
            new TransportAddress(LOOPBACK, port));
  }

  /** The last answer, after challenges. */
  StunMessage ask(Method method, Attribute... attributes) throws IOException {
    while (true) {
      TransactionId id = TransactionId.random(random);
      ClientRequest request =
          credentials.request(flow, StunMessage.request(method, id, attributes));
      Bytes wire = request.wire();
      socket.send(
          new DatagramPacket(wire.toByteArray(), wire.length(), flow.remote().toSocketAddress()));
      DatagramPacket answer = new DatagramPacket(new byte[1500], 1500);
      socket.receive(answer);
      Bytes bytes = Bytes.copyOf(answer.getData()).slice(0, answer.getLength());
      StunPacket response = StunCodec.decode(bytes).packet().orElseThrow();
      assertEquals(ResponseCheck.Verdict.ACCEPT, request.check().judge(response, flow));
      if (challengeLength == 0) {
        challengeLength = answer.getLength();
        assertEquals(28, wire.length());
      }
      LongTermClient.Reaction reaction = credentials.react(request, response.message());
      if (!(reaction instanceof LongTermClient.Retry)) {
        return response.message();
      }
    }
  }

  @Override
  public void close() {
    socket.close();
  }

  void send(Bytes datagram) throws IOException {
    socket.send(
        new DatagramPacket(
            datagram.toByteArray(), datagram.length(), flow.remote().toSocketAddress()));
  }

  Bytes receive() throws IOException {
    DatagramPacket packet = new DatagramPacket(new byte[1500], 1500);
    socket.receive(packet);
    return Bytes.copyOf(packet.getData()).slice(0, packet.getLength());
  }

  /** How long the first answer was. */
  int challengeLength() {
    return challengeLength;
  }
}
