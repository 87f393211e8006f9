package dev.culvert.cli.node;

import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.IpLiterals;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.stun.StunCodec;
import dev.culvert.stun.StunMessage;
import dev.culvert.stun.attribute.Attribute;
import dev.culvert.stun.attribute.ChangeRequest;
import dev.culvert.stun.attribute.OtherAddress;
import dev.culvert.stun.attribute.ResponsePort;
import dev.culvert.stun.attribute.XorMappedAddress;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A STUN server that sees what a NAT before its client would show, and reaches what it let in. */
final class FakeStun implements AutoCloseable {
  private final DatagramSocket socket =
      new DatagramSocket(new InetSocketAddress(IpLiterals.parse("127.0.0.1").orElseThrow(), 0));
  private volatile Optional<String> sees = Optional.empty();
  volatile boolean answers = true;
  volatile boolean shiftsPorts;
  volatile boolean hasOther = true;
  volatile boolean reachesPorts;
  volatile boolean reachesFromElsewhere;

  FakeStun() throws IOException {
    Thread thread = new Thread(this::serve, "fake-stun");
    thread.setDaemon(true);
    thread.start();
  }

  String address() {
    return "127.0.0.1:" + socket.getLocalPort();
  }

  /** From now on that is what it sees. */
  FakeStun seeing(String ip) {
    sees = Optional.of(ip);
    return this;
  }

  private void serve() {
    try {
      while (true) {
        DatagramPacket packet = new DatagramPacket(new byte[1500], 1500);
        socket.receive(packet);
        if (answers) {
          answer(packet);
        }
      }
    } catch (SocketException closed) {
      // That is the end of it.
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private void answer(DatagramPacket packet) throws IOException {
    Bytes wire = Bytes.copyOf(packet.getData()).slice(0, packet.getLength());
    StunMessage request = StunCodec.decode(wire).packet().orElseThrow().message();
    Optional<ResponsePort> port = request.first(ResponsePort.class);
    if ((port.isPresent() && !reachesPorts)
        || (request.has(ChangeRequest.class) && !reachesFromElsewhere)) {
      return;
    }
    TransportAddress from = TransportAddress.of((InetSocketAddress) packet.getSocketAddress());
    TransportAddress shown =
        sees.map(ip -> new TransportAddress(IpLiterals.parse(ip).orElseThrow(), from.port()))
            .orElse(from);
    List<Attribute> answer = new ArrayList<>();
    answer.add(new XorMappedAddress(shiftsPorts ? shown.withPort(shown.port() ^ 1) : shown));
    if (hasOther) {
      answer.add(new OtherAddress(from));
    }
    Bytes response = StunCodec.encode(request.successResponse(answer.toArray(Attribute[]::new)));
    TransportAddress to = port.map(asked -> from.withPort(asked.port())).orElse(from);
    socket.send(
        new DatagramPacket(response.toByteArray(), response.length(), to.toSocketAddress()));
  }

  @Override
  public void close() {
    socket.close();
  }
}
