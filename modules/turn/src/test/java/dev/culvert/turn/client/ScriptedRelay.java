package dev.culvert.turn.client;

import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.Flow;
import dev.culvert.sansio.Input;
import dev.culvert.sansio.Machine;
import dev.culvert.sansio.MonotonicTime;
import dev.culvert.sansio.Output;
import dev.culvert.sansio.Transport;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.stun.IntegrityKey;
import dev.culvert.stun.LongTermCredential;
import dev.culvert.stun.LongTermServer;
import dev.culvert.stun.MessageClass;
import dev.culvert.stun.Method;
import dev.culvert.stun.Protection;
import dev.culvert.stun.ServerVerdict;
import dev.culvert.stun.StreamFraming;
import dev.culvert.stun.StunCodec;
import dev.culvert.stun.StunMessage;
import dev.culvert.stun.StunPacket;
import dev.culvert.stun.TransactionId;
import dev.culvert.stun.attribute.Attribute;
import dev.culvert.stun.attribute.ChannelNumber;
import dev.culvert.stun.attribute.Data;
import dev.culvert.stun.attribute.ErrorCode;
import dev.culvert.stun.attribute.Lifetime;
import dev.culvert.stun.attribute.PasswordAlgorithm;
import dev.culvert.stun.attribute.UserHash;
import dev.culvert.stun.attribute.XorMappedAddress;
import dev.culvert.stun.attribute.XorPeerAddress;
import dev.culvert.stun.attribute.XorRelayedAddress;
import dev.culvert.turn.ChannelData;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;

/**
 * A relay for one client whose peers send everything back, and which says once what a test tells it
 * to say: what real servers say rarely.
 */
final class ScriptedRelay implements Machine<String> {
  static final LongTermCredential USER = new LongTermCredential("user", "secret");

  /** What was heard: the method, and what it was refused with. */
  final List<String> heard = new ArrayList<>();

  final Map<Method, Queue<StunMessage>> refusals = new HashMap<>();

  /** What every request of a kind is refused with. */
  final Map<Method, Integer> always = new HashMap<>();

  final Queue<Output> outputs = new ArrayDeque<>();
  int lifetime = 600;
  int nonceAge;
  boolean silent;
  boolean lostAllocation;

  /** Requests that it does not answer, as some relays do not answer Binding. */
  final Set<Method> deafTo = new HashSet<>();

  /** Where it sees the client, if that is elsewhere than before. */
  Optional<TransportAddress> moved = Optional.empty();

  Optional<Flow> client = Optional.empty();
  private final TransportAddress local;
  private final TransportAddress relayed;
  private final LongTermServer guard;
  private final Map<TransactionId, Bytes> answered = new HashMap<>();
  private final Map<Integer, TransportAddress> channels = new HashMap<>();
  private final Map<Long, StreamFraming> streams = new HashMap<>();
  private long indications;

  ScriptedRelay(TransportAddress local, TransportAddress relayed) {
    this.local = local;
    this.relayed = relayed;
    this.guard =
        new LongTermServer(
            "example.org",
            List.of(PasswordAlgorithm.of(PasswordAlgorithm.SHA_256)),
            false,
            new LongTermServer.Users() {
              @Override
              public Optional<IntegrityKey> key(String username, int algorithm) {
                return username.equals(USER.username())
                    ? Optional.of(USER.key(algorithm, "example.org"))
                    : Optional.empty();
              }

              @Override
              public Optional<String> username(UserHash hash) {
                return Optional.empty();
              }
            },
            new LongTermServer.Nonces() {
              @Override
              public String issue(TransportAddress whom) {
                return nonceAge + "-" + whom.port();
              }

              @Override
              public boolean isValid(String nonce, TransportAddress whom) {
                return nonce.equals(issue(whom));
              }
            });
    outputs.add(new Output.Bind(0, local));
  }

  /** Refuses the next request of a kind that has the right credentials. */
  ScriptedRelay refuse(Method method, int code, Attribute... more) {
    StunMessage refusal =
        StunMessage.request(method, new TransactionId(0, 0))
            .errorResponse(ErrorCode.of(code), more);
    refusals.computeIfAbsent(method, fresh -> new ArrayDeque<>()).add(refusal);
    return this;
  }

  /** How many requests of a kind were granted. */
  long granted(Method method) {
    return heard.stream().filter(method.toString()::equals).count();
  }

  /** Sends the client what peers or strangers would make the relay send. */
  void say(StunMessage message) {
    put(client.orElseThrow(), StunCodec.encode(message));
  }

  /** Sends the client raw bytes. */
  void put(Flow to, Bytes bytes) {
    outputs.add(new Output.Send(to, bytes));
  }

  @Override
  public void receive(Flow from, Bytes payload, MonotonicTime now) {
    if (silent) {
      return;
    }
    if (from.transport() == Transport.UDP) {
      take(from, payload);
    } else {
      streams
          .computeIfAbsent(from.id(), fresh -> new StreamFraming(true, 70_000))
          .feed(payload)
          .forEach(message -> take(from, message));
    }
  }

  private void take(Flow from, Bytes message) {
    if (ChannelData.beginsWith(message.at(0))) {
      ChannelData data = ChannelData.decode(message).orElseThrow();
      heard.add("ChannelData");
      if (channels.containsKey(data.channel())) {
        put(from, from.transport().isStream() ? data.encodePadded() : data.encode());
      }
      return;
    }
    StunPacket packet = StunCodec.decode(message).packet().orElseThrow();
    if (packet.message().messageClass() == MessageClass.INDICATION) {
      heard.add(packet.message().method().toString());
      packet.message().first(Data.class).ifPresent(data -> echo(from, packet.message(), data));
    } else if (!deafTo.contains(packet.message().method())) {
      Bytes known = answered.get(packet.message().transactionId());
      Bytes answer = known == null ? answer(from, packet) : known;
      answered.put(packet.message().transactionId(), answer);
      put(from, answer);
    }
  }

  private void echo(Flow to, StunMessage sent, Data data) {
    TransactionId id = new TransactionId(1, ++indications);
    put(
        to,
        StunCodec.encode(
            StunMessage.indication(
                Method.DATA, id, sent.first(XorPeerAddress.class).orElseThrow(), data)));
  }

  private Bytes answer(Flow from, StunPacket packet) {
    StunMessage request = packet.message();
    if (request.method().equals(Method.BINDING)) {
      return answerBinding(from, request);
    }
    ServerVerdict verdict = guard.check(packet, from.remote());
    if (verdict instanceof ServerVerdict.Refused refused) {
      heard.add(request.method() + " " + refused.response().error().orElseThrow().code());
      return StunCodec.encode(refused.response());
    }
    Protection protection = ((ServerVerdict.Accepted) verdict).responseProtection();
    return StunCodec.encode(respond(from, request), protection);
  }

  private Bytes answerBinding(Flow from, StunMessage request) {
    Integer code = always.get(Method.BINDING);
    heard.add(code == null ? "Binding" : "Binding " + code);
    return StunCodec.encode(
        code == null
            ? request.successResponse(new XorMappedAddress(moved.orElse(from.remote())))
            : request.errorResponse(code));
  }

  private StunMessage respond(Flow from, StunMessage request) {
    Integer code = always.get(request.method());
    if (code != null) {
      heard.add(request.method() + " " + code);
      return request.errorResponse(code);
    }
    Queue<StunMessage> planned = refusals.getOrDefault(request.method(), new ArrayDeque<>());
    if (!planned.isEmpty()) {
      StunMessage refusal = planned.remove();
      heard.add(request.method() + " " + refusal.error().orElseThrow().code());
      return new StunMessage(
          MessageClass.ERROR_RESPONSE,
          request.method(),
          request.transactionId(),
          refusal.attributes());
    }
    boolean fresh = request.method().equals(Method.ALLOCATE);
    boolean mine = client.filter(from::equals).isPresent() && !lostAllocation;
    if (fresh == mine) {
      heard.add(request.method() + " 437");
      return request.errorResponse(ErrorCode.ALLOCATION_MISMATCH);
    }
    heard.add(request.method().toString());
    return request.successResponse(grant(from, request).toArray(Attribute[]::new));
  }

  private List<Attribute> grant(Flow from, StunMessage request) {
    if (request.method().equals(Method.ALLOCATE)) {
      client = Optional.of(from);
      return List.of(
          new XorRelayedAddress(relayed),
          new Lifetime(lifetime),
          new XorMappedAddress(from.remote()));
    }
    if (request.method().equals(Method.REFRESH)) {
      boolean ends =
          request.first(Lifetime.class).filter(asked -> asked.seconds() == 0).isPresent();
      client = ends ? Optional.empty() : client;
      return List.of(new Lifetime(ends ? 0 : lifetime));
    }
    if (request.method().equals(Method.CHANNEL_BIND)) {
      channels.put(
          request.first(ChannelNumber.class).orElseThrow().number(),
          request.first(XorPeerAddress.class).orElseThrow().address());
    }
    return List.of();
  }

  TransportAddress local() {
    return local;
  }

  @Override
  public void accept(Input input, MonotonicTime now) {}

  @Override
  public void advance(MonotonicTime now) {}

  @Override
  public Optional<MonotonicTime> nextDeadline() {
    return Optional.empty();
  }

  @Override
  public Optional<Output> pollOutput() {
    return Optional.ofNullable(outputs.poll());
  }

  @Override
  public Optional<String> pollEvent() {
    return Optional.empty();
  }
}
