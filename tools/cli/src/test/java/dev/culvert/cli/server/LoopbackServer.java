package dev.culvert.cli.server;

import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.IpLiterals;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.stun.StunCodec;
import dev.culvert.stun.StunMessage;
import dev.culvert.stun.StunPacket;
import dev.culvert.stun.attribute.Attribute;
import dev.culvert.stun.attribute.ChangeRequest;
import dev.culvert.stun.attribute.OtherAddress;
import dev.culvert.stun.attribute.Software;
import dev.culvert.stun.attribute.XorMappedAddress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A STUN server over UDP on the loopback, as good or bad as the test wants it. */
public final class LoopbackServer implements AutoCloseable {
  /** How it treats its clients. */
  public enum Manner {
    /** Answers Binding, knows nothing of RFC 5780. */
    PLAIN,
    /** Has a second address and port and obeys CHANGE-REQUEST. */
    HONEST,
    /** Names a second address and ignores CHANGE-REQUEST. */
    LIAR,
    /** Names a second address where nobody listens. */
    DEAD_ALTERNATE,
    /** Names a second address and answers CHANGE-REQUEST with 420. */
    REFUSER,
    /** Answers with what is no STUN. */
    GARBAGE,
    /** Hears and says nothing. */
    SILENT,
    /** Wants credentials. */
    CREDENTIALS
  }

  private final Manner manner;
  private final TransportAddress address;
  private final List<DatagramSocket> sockets = new ArrayList<>();

  /** Opens a server on fresh ports of 127.0.0.1 and, where it needs them, 127.0.0.2. */
  public LoopbackServer(Manner manner) {
    this.manner = manner;
    try {
      open(manner == Manner.HONEST);
      address = TransportAddress.of((InetSocketAddress) sockets.get(0).getLocalSocketAddress());
      for (DatagramSocket socket : List.copyOf(sockets)) {
        Thread thread = new Thread(() -> serve(socket), "loopback-server");
        thread.setDaemon(true);
        thread.start();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Two ports of the first address may be taken on the second; others are tried then. */
  private void open(boolean onTwoAddresses) throws SocketException {
    InetAddress first = ip("127.0.0.1");
    for (int attempt = 1; ; attempt++) {
      try {
        DatagramSocket primary = open(first, 0);
        if (onTwoAddresses) {
          InetAddress second = ip("127.0.0.2");
          DatagramSocket otherPort = open(first, 0);
          open(second, primary.getLocalPort());
          open(second, otherPort.getLocalPort());
        }
        return;
      } catch (BindException taken) {
        close();
        sockets.clear();
        if (attempt == 20) {
          throw taken;
        }
      }
    }
  }

  /** Where to ask it. */
  public TransportAddress address() {
    return address;
  }

  private DatagramSocket open(InetAddress ip, int port) throws SocketException {
    DatagramSocket socket = new DatagramSocket(port, ip);
    sockets.add(socket);
    return socket;
  }

  private void serve(DatagramSocket socket) {
    byte[] buffer = new byte[2000];
    while (true) {
      try {
        DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
        socket.receive(packet);
        Bytes payload = Bytes.copyOf(buffer).slice(0, packet.getLength());
        Optional<StunPacket> request = StunCodec.decode(payload).packet();
        if (request.isPresent()) {
          answer(socket, request.get().message(), (InetSocketAddress) packet.getSocketAddress());
        }
      } catch (IOException e) {
        return;
      }
    }
  }

  private void answer(DatagramSocket socket, StunMessage request, InetSocketAddress client)
      throws IOException {
    Optional<ChangeRequest> change = request.first(ChangeRequest.class);
    switch (manner) {
      case SILENT -> {}
      case GARBAGE -> send(socket, Bytes.utf8("HTTP/1.1 400 Bad Request\r\n\r\n"), client);
      case CREDENTIALS -> send(socket, StunCodec.encode(request.errorResponse(401)), client);
      case PLAIN -> success(socket, request, client);
      case REFUSER -> {
        if (change.isPresent()) {
          send(socket, StunCodec.encode(request.errorResponse(420)), client);
        } else {
          success(socket, request, client, other("127.0.0.2", 9));
        }
      }
      case LIAR -> success(socket, request, client, other("127.0.0.2", 9));
      case DEAD_ALTERNATE -> {
        if (change.isEmpty()) {
          success(socket, request, client, other("127.0.0.2", 9));
        }
      }
      case HONEST -> {
        int from =
            sockets.indexOf(socket)
                ^ change
                    .map(wish -> (wish.changePort() ? 1 : 0) | (wish.changeIp() ? 2 : 0))
                    .orElse(0);
        DatagramSocket opposite = sockets.get(sockets.indexOf(socket) ^ 3);
        success(
            sockets.get(from),
            request,
            client,
            new OtherAddress(
                TransportAddress.of((InetSocketAddress) opposite.getLocalSocketAddress())));
      }
    }
  }

  private static InetAddress ip(String literal) {
    return IpLiterals.parse(literal).orElseThrow();
  }

  private static OtherAddress other(String ip, int port) {
    return new OtherAddress(new TransportAddress(ip(ip), port));
  }

  private static void success(
      DatagramSocket from, StunMessage request, InetSocketAddress client, Attribute... more)
      throws IOException {
    StunMessage response =
        request.successResponse(
            new XorMappedAddress(TransportAddress.of(client)), new Software("test server"));
    send(from, StunCodec.encode(response.with(more)), client);
  }

  private static void send(DatagramSocket from, Bytes payload, InetSocketAddress client)
      throws IOException {
    from.send(new DatagramPacket(payload.toByteArray(), payload.length(), client));
  }

  @Override
  public void close() {
    sockets.forEach(DatagramSocket::close);
  }
}
