package dev.culvert.turn.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.Flow;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.stun.IntegrityKey;
import dev.culvert.stun.MessageClass;
import dev.culvert.stun.Method;
import dev.culvert.stun.Protection;
import dev.culvert.stun.StunCodec;
import dev.culvert.stun.StunMessage;
import dev.culvert.stun.TransactionId;
import dev.culvert.stun.attribute.Attribute;
import dev.culvert.stun.attribute.ChannelNumber;
import dev.culvert.stun.attribute.Data;
import dev.culvert.stun.attribute.Nonce;
import dev.culvert.stun.attribute.PasswordAlgorithm;
import dev.culvert.stun.attribute.PasswordAlgorithms;
import dev.culvert.stun.attribute.Realm;
import dev.culvert.stun.attribute.RequestedTransport;
import dev.culvert.stun.attribute.Username;
import dev.culvert.stun.attribute.XorPeerAddress;
import dev.culvert.stun.attribute.XorRelayedAddress;
import dev.culvert.turn.ChannelData;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** A client that says what a test wants it to say. */
final class RelayClient {
  static final Attribute UDP = new RequestedTransport(RequestedTransport.UDP);
  static final Attribute TCP = new RequestedTransport(RequestedTransport.TCP);
  private static final Random IDS = new Random(7);

  final RelayFixture relay;
  final Flow flow;
  private String username = "alice";
  private String password = "secret";
  private boolean modern;
  private Optional<String> nonce = Optional.empty();

  RelayClient(RelayFixture relay, Flow flow) {
    this.relay = relay;
    this.flow = flow;
  }

  RelayClient as(String name, String secret) {
    username = name;
    password = secret;
    return this;
  }

  /** From now on it speaks RFC 8489. */
  RelayClient modern() {
    modern = true;
    return this;
  }

  TransportAddress address() {
    return flow.remote();
  }

  /** A request with credentials; a challenge before it is met. */
  StunMessage request(Method method, Attribute... attributes) {
    return request(method, newId(), attributes);
  }

  static TransactionId newId() {
    synchronized (IDS) {
      return TransactionId.random(IDS);
    }
  }

  StunMessage request(Method method, TransactionId id, Attribute... attributes) {
    StunMessage response = exchange(signed(method, id, attributes));
    int code = response.error().map(error -> error.code()).orElse(0);
    if (code == 401 || code == 438) {
      Optional<String> fresh = response.first(Nonce.class).map(Nonce::nonce);
      if (fresh.isPresent() && !fresh.equals(nonce)) {
        nonce = fresh;
        return exchange(signed(method, id, attributes));
      }
    }
    return response;
  }

  /** The bytes of a request with the nonce that was heard last. */
  Bytes signed(Method method, TransactionId id, Attribute... attributes) {
    List<Attribute> all = new ArrayList<>(Arrays.asList(attributes));
    Protection protection = Protection.none();
    if (nonce.isPresent()) {
      all.add(new Username(username));
      all.add(new Realm("lab"));
      all.add(new Nonce(nonce.get()));
      if (modern) {
        PasswordAlgorithm sha256 = PasswordAlgorithm.of(PasswordAlgorithm.SHA_256);
        PasswordAlgorithm md5 = PasswordAlgorithm.of(PasswordAlgorithm.MD5);
        all.add(new PasswordAlgorithms(List.of(sha256, md5)));
        all.add(sha256);
        protection = Protection.sha256(key(PasswordAlgorithm.SHA_256));
      } else {
        protection = Protection.sha1(key(PasswordAlgorithm.MD5));
      }
    }
    return StunCodec.encode(
        StunMessage.request(method, id, all.toArray(Attribute[]::new)), protection);
  }

  private IntegrityKey key(int algorithm) {
    return IntegrityKey.longTerm(algorithm, username, "lab", password);
  }

  /** The one response to a request. */
  StunMessage exchange(Bytes request) {
    List<StunMessage> responses = send(request);
    assertEquals(1, responses.size(), "responses");
    return responses.get(0);
  }

  /** All STUN messages that come back at once. */
  List<StunMessage> send(Bytes bytes) {
    relay.takeSentTo(address());
    relay.receive(flow, bytes);
    return messages();
  }

  /** STUN messages that were sent to this client since the last look. */
  List<StunMessage> messages() {
    List<StunMessage> all = new ArrayList<>();
    for (Bytes bytes : relay.takeSentTo(address())) {
      all.add(StunCodec.decode(bytes).packet().orElseThrow().message());
    }
    return all;
  }

  /** The relayed address of an Allocate request for UDP. */
  TransportAddress allocate(Attribute... more) {
    List<Attribute> all = new ArrayList<>(List.of(UDP));
    all.addAll(Arrays.asList(more));
    StunMessage response = request(Method.ALLOCATE, all.toArray(Attribute[]::new));
    assertSuccess(response);
    return response.first(XorRelayedAddress.class).orElseThrow().address();
  }

  void permit(TransportAddress peer) {
    assertSuccess(request(Method.CREATE_PERMISSION, new XorPeerAddress(peer)));
  }

  void bind(int channel, TransportAddress peer) {
    assertSuccess(tryBind(channel, peer));
  }

  StunMessage tryBind(int channel, TransportAddress peer) {
    return request(Method.CHANNEL_BIND, new ChannelNumber(channel), new XorPeerAddress(peer));
  }

  static void assertSuccess(StunMessage response) {
    assertEquals(
        MessageClass.SUCCESS_RESPONSE,
        response.messageClass(),
        () -> String.valueOf(response.error()));
  }

  static void assertRefused(int code, StunMessage response) {
    assertEquals(Optional.of(code), response.error().map(error -> error.code()));
  }

  void sendIndication(TransportAddress peer, Bytes data, Attribute... more) {
    List<Attribute> all = new ArrayList<>(List.of(new XorPeerAddress(peer), new Data(data)));
    all.addAll(Arrays.asList(more));
    relay.receive(
        flow,
        StunCodec.encode(
            StunMessage.indication(Method.SEND, newId(), all.toArray(Attribute[]::new))));
  }

  void sendChannel(int channel, Bytes data) {
    ChannelData message = new ChannelData(channel, data);
    relay.receive(flow, flow.transport().isStream() ? message.encodePadded() : message.encode());
  }

  /** ChannelData that was sent to this client since the last look. */
  List<ChannelData> channelData() {
    List<ChannelData> all = new ArrayList<>();
    for (Bytes bytes : relay.takeSentTo(address())) {
      assertTrue(ChannelData.beginsWith(bytes.at(0)), bytes::toString);
      all.add(ChannelData.decode(bytes).orElseThrow());
    }
    return all;
  }
}
