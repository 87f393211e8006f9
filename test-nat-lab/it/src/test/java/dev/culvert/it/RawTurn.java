package dev.culvert.it;

import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.Flow;
import dev.culvert.sansio.Transport;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.stun.ClientRequest;
import dev.culvert.stun.LongTermClient;
import dev.culvert.stun.LongTermCredential;
import dev.culvert.stun.MessageClass;
import dev.culvert.stun.Method;
import dev.culvert.stun.StunCodec;
import dev.culvert.stun.StunMessage;
import dev.culvert.stun.StunPacket;
import dev.culvert.stun.TransactionId;
import dev.culvert.stun.attribute.Attribute;
import dev.culvert.stun.attribute.ChannelNumber;
import dev.culvert.stun.attribute.Data;
import dev.culvert.stun.attribute.ErrorCode;
import dev.culvert.stun.attribute.Lifetime;
import dev.culvert.stun.attribute.RequestedTransport;
import dev.culvert.stun.attribute.XorPeerAddress;
import dev.culvert.stun.attribute.XorRelayedAddress;
import dev.culvert.turn.ChannelData;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/**
 * A TURN client of bare hands: it says what a test wants said, with the right credentials or
 * whatever bytes, and remembers nothing but the server's challenge.
 */
final class RawTurn implements AutoCloseable {
  private static final Duration AGAIN = Duration.ofMillis(500);
  private static final int TIMES = 30;
  private static final RandomGenerator RANDOM = new SecureRandom();

  private final RawWire wire;
  private final Flow flow;
  private final LongTermClient credentials;
  private final Queue<Bytes> incoming = new ArrayDeque<>();

  private RawTurn(RawWire wire, Transport transport, InetSocketAddress relay, String[] user) {
    this.wire = wire;
    TransportAddress remote = TransportAddress.of(relay);
    this.flow = new Flow(0, transport, remote.withPort(0), remote);
    this.credentials = new LongTermClient(new LongTermCredential(user[0], user[1]));
  }

  /** Over UDP from a fresh port. */
  static RawTurn udp(InetSocketAddress relay, String user, String password) throws IOException {
    return new RawTurn(RawWire.udp(relay), Transport.UDP, relay, new String[] {user, password});
  }

  /** Over a fresh TCP connection. */
  static RawTurn tcp(InetSocketAddress relay, String user, String password) throws IOException {
    return new RawTurn(RawWire.tcp(relay), Transport.TCP, relay, new String[] {user, password});
  }

  /** Over a fresh TLS connection. */
  static RawTurn tls(InetSocketAddress relay, String user, String password) throws IOException {
    return new RawTurn(RawWire.tls(relay), Transport.TLS, relay, new String[] {user, password});
  }

  /** The same socket in the hands of somebody else. */
  RawTurn as(String user, String password) {
    return new RawTurn(
        wire, flow.transport(), flow.remote().toSocketAddress(), new String[] {user, password});
  }

  static TransactionId id() {
    return TransactionId.random(RANDOM);
  }

  /** The final response to a request with credentials, after the challenges that precede it. */
  StunMessage ask(Method method, Attribute... attributes) throws IOException {
    return ask(id -> StunMessage.request(method, id, attributes));
  }

  /** The same with a peer spelled in a way of its own. */
  StunMessage ask(Method method, Spelled peer, Attribute... more) throws IOException {
    return ask(id -> StunMessage.request(method, id, peer.apply(id)).with(more));
  }

  private StunMessage ask(Function<TransactionId, StunMessage> message) throws IOException {
    while (true) {
      ClientRequest request = credentials.request(flow, message.apply(id()));
      StunMessage response = ask(request.wire(), request.message().transactionId());
      LongTermClient.Reaction reaction = credentials.react(request, response);
      if (!(reaction instanceof LongTermClient.Retry)) {
        return response;
      }
    }
  }

  /** The code that {@link #ask} is refused with; 0 if it is not. */
  int code(Method method, Attribute... attributes) throws IOException {
    return code(ask(method, attributes));
  }

  static int code(StunMessage response) {
    return response.error().map(ErrorCode::code).orElse(0);
  }

  /** The bytes of a request with credentials, which is not sent; ask something before. */
  Bytes signed(Method method, Attribute... attributes) {
    return credentials.request(flow, StunMessage.request(method, id(), attributes)).wire();
  }

  /** The response to a request of these bytes, sent until it comes. */
  StunMessage ask(Bytes request) throws IOException {
    return ask(request, TransactionId.of(request.slice(8, 20)));
  }

  private StunMessage ask(Bytes request, TransactionId id) throws IOException {
    for (int i = 0; i < TIMES; i++) {
      if (i == 0 || !wire.reliable()) {
        wire.send(request);
      }
      Optional<StunMessage> response = response(id, AGAIN);
      if (response.isPresent()) {
        return response.get();
      }
    }
    throw new IOException("no response from the relay");
  }

  /** The response to a request that was sent already; what else comes is kept. */
  Optional<StunMessage> response(TransactionId id, Duration limit) throws IOException {
    long deadline = System.nanoTime() + limit.toNanos();
    while (true) {
      Optional<Bytes> received = wire.receive(Duration.ofNanos(deadline - System.nanoTime()));
      if (received.isEmpty()) {
        return Optional.empty();
      }
      Optional<StunMessage> message =
          StunCodec.decode(received.get()).packet().map(StunPacket::message);
      if (message.filter(RawTurn::isResponse).isEmpty()) {
        incoming.add(received.get());
      } else if (message.get().transactionId().equals(id)) {
        return message;
      }
    }
  }

  private static boolean isResponse(StunMessage message) {
    return message.messageClass() == MessageClass.SUCCESS_RESPONSE
        || message.messageClass() == MessageClass.ERROR_RESPONSE;
  }

  /** The next ChannelData or indication. */
  Optional<Bytes> receive(Duration limit) throws IOException {
    return incoming.isEmpty() ? wire.receive(limit) : Optional.of(incoming.remove());
  }

  /** Sends what is no request. */
  void send(Bytes bytes) throws IOException {
    wire.send(bytes);
  }

  /** A Send indication. */
  void send(XorPeerAddress peer, Bytes data) throws IOException {
    send(StunCodec.encode(StunMessage.indication(Method.SEND, id(), peer, new Data(data))));
  }

  /** The same to a peer spelled in a way of its own. */
  void send(Spelled peer, Bytes data) throws IOException {
    TransactionId id = id();
    StunMessage indication =
        StunMessage.indication(Method.SEND, id, peer.apply(id), new Data(data));
    send(StunCodec.encode(indication));
  }

  /** ChannelData. */
  void send(int channel, Bytes data) throws IOException {
    ChannelData message = new ChannelData(channel, data);
    send(wire.reliable() ? message.encodePadded() : message.encode());
  }

  /** Data from a channel; empty if none comes in time. */
  Optional<ChannelData> channelData(Duration limit) throws IOException {
    return receive(limit).flatMap(ChannelData::decode);
  }

  /** A relayed UDP address. */
  TransportAddress allocate(Attribute... more) throws IOException {
    StunMessage response = ask(Method.ALLOCATE, withUdp(more));
    return response
        .first(XorRelayedAddress.class)
        .map(XorRelayedAddress::address)
        .orElseThrow(() -> new AssertionError("no allocation: " + response));
  }

  /** REQUESTED-TRANSPORT: UDP, and more. */
  static Attribute[] withUdp(Attribute... more) {
    Attribute[] all = Arrays.copyOf(new Attribute[] {udp()}, 1 + more.length);
    System.arraycopy(more, 0, all, 1, more.length);
    return all;
  }

  static RequestedTransport udp() {
    return new RequestedTransport(RequestedTransport.UDP);
  }

  /** Gives the allocation back. */
  StunMessage release() throws IOException {
    return ask(Method.REFRESH, new Lifetime(0));
  }

  int bind(int channel, TransportAddress peer) throws IOException {
    return code(Method.CHANNEL_BIND, new ChannelNumber(channel), new XorPeerAddress(peer));
  }

  /**
   * Relays between this client and another, both ways, and loses nothing.
   *
   * @throws AssertionError if that fails
   */
  static void wellServed(InetSocketAddress relay, String user, String password) throws IOException {
    try (RawTurn one = udp(relay, user, password);
        RawTurn other = udp(relay, user, password)) {
      TransportAddress oneAt = one.allocate();
      TransportAddress otherAt = other.allocate();
      require(one.bind(0x4001, otherAt) == 0, "a channel");
      require(other.bind(0x4abc, oneAt) == 0, "the other channel");
      for (String text : List.of("there", "and", "back")) {
        one.send(0x4001, Bytes.utf8(text));
        requireSame(text, other.channelData(Duration.ofSeconds(60)));
        other.send(0x4abc, Bytes.utf8(text));
        requireSame(text, one.channelData(Duration.ofSeconds(60)));
      }
      require(code(one.release()) == 0 && code(other.release()) == 0, "giving back");
    }
  }

  private static void requireSame(String text, Optional<ChannelData> got) {
    require(
        got.map(ChannelData::data).equals(Optional.of(Bytes.utf8(text))), text + ", not " + got);
  }

  private static void require(boolean condition, String what) {
    if (!condition) {
      throw new AssertionError("a client that does nothing wrong did not get: " + what);
    }
  }

  @Override
  public void close() {
    wire.close();
  }
}
