package dev.culvert.transport.server;

import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.stun.MessageClass;
import dev.culvert.stun.Method;
import dev.culvert.stun.Protection;
import dev.culvert.stun.StunCodec;
import dev.culvert.stun.StunMessage;
import dev.culvert.stun.TransactionId;
import dev.culvert.stun.attribute.Attribute;
import dev.culvert.stun.attribute.ChannelNumber;
import dev.culvert.stun.attribute.ErrorCode;
import dev.culvert.stun.attribute.Nonce;
import dev.culvert.stun.attribute.PasswordAlgorithm;
import dev.culvert.stun.attribute.Realm;
import dev.culvert.stun.attribute.RequestedTransport;
import dev.culvert.stun.attribute.XorPeerAddress;
import dev.culvert.stun.attribute.XorRelayedAddress;
import dev.culvert.turn.ChannelData;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.Random;

/** A client of a relay that waits for each answer, over whatever carries its messages. */
final class RelayAsker implements AutoCloseable {
  private static final Random RANDOM = new Random(77);
  private static final int UDP = 17;
  private static final int TCP = 6;

  private final Wire wire;
  private final Queue<Bytes> early = new ArrayDeque<>();
  private String nonce = "";

  /** Carries whole messages. */
  interface Wire extends Closeable {
    void send(Bytes message) throws IOException;

    Bytes receive() throws IOException;

    TransportAddress local();

    /** Bytes that need not be whole messages; only a stream can. */
    default void sendRaw(Bytes bytes) throws IOException {
      throw new UnsupportedOperationException();
    }
  }

  RelayAsker(Wire wire) {
    this.wire = wire;
  }

  static RelayAsker udp(TransportAddress server) throws IOException {
    UdpAsker asker = new UdpAsker(server.isIpv4() ? "127.0.0.1" : "::1");
    return new RelayAsker(
        new Wire() {
          @Override
          public void send(Bytes message) throws IOException {
            asker.send(message, server);
          }

          @Override
          public Bytes receive() throws IOException {
            return asker.receive().wire();
          }

          @Override
          public TransportAddress local() {
            return asker.local();
          }

          @Override
          public void close() {
            asker.close();
          }
        });
  }

  static RelayAsker tcp(TransportAddress server) throws IOException {
    return new RelayAsker(new StreamWire(new Socket(server.ip(), server.port())));
  }

  /** Messages on a connection, padded to words. */
  static final class StreamWire implements Wire {
    final Socket socket;
    private final DataInputStream in;

    StreamWire(Socket socket) throws IOException {
      this.socket = socket;
      socket.setSoTimeout(60_000);
      socket.setTcpNoDelay(true);
      in = new DataInputStream(socket.getInputStream());
    }

    @Override
    public void send(Bytes message) throws IOException {
      Bytes padding = Bytes.wrap(new byte[-message.length() & 3]);
      socket.getOutputStream().write(message.concat(padding).toByteArray());
    }

    @Override
    public void sendRaw(Bytes bytes) throws IOException {
      socket.getOutputStream().write(bytes.toByteArray());
    }

    @Override
    public Bytes receive() throws IOException {
      byte[] header = new byte[4];
      in.readFully(header);
      int field = (header[2] & 0xff) << 8 | (header[3] & 0xff);
      boolean data = ChannelData.beginsWith(header[0] & 0xff);
      byte[] rest = new byte[data ? field + 3 & ~3 : 16 + field];
      in.readFully(rest);
      return Bytes.wrap(header).concat(Bytes.wrap(data ? Arrays.copyOf(rest, field) : rest));
    }

    @Override
    public TransportAddress local() {
      return new TransportAddress(socket.getLocalAddress(), socket.getLocalPort());
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }

  TransportAddress local() {
    return wire.local();
  }

  /** Asks and waits; what comes before the answer is kept for {@link #receive}. */
  StunMessage ask(Method method, Attribute... attributes) throws IOException {
    StunMessage answer = askOnce(method, attributes);
    int code = answer.first(ErrorCode.class).map(ErrorCode::code).orElse(0);
    if (code == ErrorCode.UNAUTHENTICATED || code == ErrorCode.STALE_NONCE) {
      nonce = answer.first(Nonce.class).orElseThrow().nonce();
      return askOnce(method, attributes);
    }
    return answer;
  }

  private StunMessage askOnce(Method method, Attribute... attributes) throws IOException {
    TransactionId id = TransactionId.random(RANDOM);
    wire.send(request(id, method, attributes));
    while (true) {
      Bytes message = wire.receive();
      if (!ChannelData.beginsWith(message.at(0))) {
        StunMessage answer = decode(message);
        if (answer.transactionId().equals(id)) {
          return answer;
        }
      }
      early.add(message);
    }
  }

  /** A request as it goes over the wire, with credentials once there is a nonce. */
  Bytes request(TransactionId id, Method method, Attribute... attributes) {
    List<Attribute> all = new ArrayList<>(List.of(attributes));
    if (nonce.isEmpty()) {
      return StunCodec.encode(StunMessage.request(method, id, attributes));
    }
    all.add(TestUsers.USER.nameAttribute());
    all.add(new Realm(TestUsers.REALM));
    all.add(new Nonce(nonce));
    StunMessage request = StunMessage.request(method, id, all.toArray(Attribute[]::new));
    return StunCodec.encode(
        request, Protection.sha1(TestUsers.USER.key(PasswordAlgorithm.MD5, TestUsers.REALM)));
  }

  static StunMessage decode(Bytes wire) {
    return StunCodec.decode(wire).packet().orElseThrow().message();
  }

  private StunMessage succeed(Method method, Attribute... attributes) throws IOException {
    StunMessage answer = ask(method, attributes);
    if (answer.messageClass() != MessageClass.SUCCESS_RESPONSE) {
      throw new AssertionError(answer.toString());
    }
    return answer;
  }

  TransportAddress allocate() throws IOException {
    return succeed(Method.ALLOCATE, new RequestedTransport(UDP))
        .first(XorRelayedAddress.class)
        .orElseThrow()
        .address();
  }

  /** A TCP allocation (RFC 6062). */
  TransportAddress allocateTcp() throws IOException {
    return succeed(Method.ALLOCATE, new RequestedTransport(TCP))
        .first(XorRelayedAddress.class)
        .orElseThrow()
        .address();
  }

  void permit(TransportAddress peer) throws IOException {
    succeed(Method.CREATE_PERMISSION, new XorPeerAddress(peer));
  }

  void bind(int channel, TransportAddress peer) throws IOException {
    succeed(Method.CHANNEL_BIND, new ChannelNumber(channel), new XorPeerAddress(peer));
  }

  void send(Bytes message) throws IOException {
    wire.send(message);
  }

  void sendRaw(Bytes bytes) throws IOException {
    wire.sendRaw(bytes);
  }

  void sendData(int channel, Bytes data) throws IOException {
    wire.send(new ChannelData(channel, data).encode());
  }

  /** The next message. */
  Bytes receive() throws IOException {
    Bytes kept = early.poll();
    return kept == null ? wire.receive() : kept;
  }

  ChannelData receiveData() throws IOException {
    Bytes message = receive();
    return ChannelData.decode(message)
        .orElseThrow(() -> new AssertionError("no data but " + decode(message)));
  }

  @Override
  public void close() throws IOException {
    wire.close();
  }
}
