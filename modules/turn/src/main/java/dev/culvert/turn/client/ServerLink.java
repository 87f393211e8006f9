package dev.culvert.turn.client;

import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.Flow;
import dev.culvert.sansio.MonotonicTime;
import dev.culvert.sansio.Output;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.stun.LongTermClient;
import dev.culvert.stun.MessageClass;
import dev.culvert.stun.Method;
import dev.culvert.stun.StreamFraming;
import dev.culvert.stun.StunCodec;
import dev.culvert.stun.StunMessage;
import dev.culvert.stun.attribute.Attribute;
import dev.culvert.stun.attribute.Data;
import dev.culvert.stun.attribute.XorPeerAddress;
import dev.culvert.turn.ChannelData;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.random.RandomGenerator;

/** A socket or connection to the server, with what is asked and sent over it. */
final class ServerLink {
  /** The longest ChannelData and the longest STUN message both fit. */
  private static final int LONGEST = 65_560;

  private final Flow flow;
  private final Requests requests;
  private final StreamFraming framing = new StreamFraming(true, LONGEST);
  private final Queue<Output> outputs = new ArrayDeque<>();
  private boolean writable = true;
  private MonotonicTime lastHeard;

  ServerLink(Flow flow, LongTermClient credentials, RandomGenerator random, MonotonicTime now) {
    this.flow = flow;
    this.requests = new Requests(flow, credentials, random);
    this.lastHeard = now;
  }

  Flow flow() {
    return flow;
  }

  Requests requests() {
    return requests;
  }

  /** Whether these bytes come over this socket or connection from the server itself. */
  boolean isFromServer(Flow from) {
    return from.id() == flow.id() && from.remote().equals(flow.remote());
  }

  /**
   * Whether a datagram from the server is meant for its client and not for others who speak to the
   * same server from the same socket (RFC 7983 §7).
   */
  boolean expects(Bytes message) {
    if (message.isEmpty()) {
      return false;
    }
    if (ChannelData.beginsWith(message.at(0))) {
      return true;
    }
    return StunCodec.decode(message)
        .packet()
        .map(packet -> expects(packet.message()))
        .orElse(false);
  }

  private boolean expects(StunMessage message) {
    return message.messageClass().isResponse()
        ? requests.isOwn(message.transactionId())
        : message.messageClass() == MessageClass.INDICATION && message.method().equals(Method.DATA);
  }

  /** Cuts what came into messages: a datagram is one, a stream holds any number. */
  List<Bytes> messages(Bytes payload, MonotonicTime now) {
    lastHeard = now;
    return flow.transport().isStream() ? framing.feed(payload) : List.of(payload);
  }

  /** Whether the server has said anything, no matter what, after a moment. */
  boolean isHeardSince(MonotonicTime moment) {
    return moment.isBefore(lastHeard);
  }

  /** Why the stream cannot be read on; empty while it can. */
  Optional<String> fault() {
    return framing.fault();
  }

  void setWritable(boolean isWritable) {
    writable = isWritable;
  }

  boolean isWritable() {
    return writable;
  }

  /** Sends data over a channel; a stream that is full takes none, as a full line would. */
  boolean send(int channel, Bytes data) {
    ChannelData message = new ChannelData(channel, data);
    return writable && put(flow.transport().isStream() ? message.encodePadded() : message.encode());
  }

  /** Sends data in an indication (RFC 8656 §11.1). */
  boolean send(TransportAddress peer, Bytes data) {
    return writable && put(indication(Method.SEND, new XorPeerAddress(peer), new Data(data)));
  }

  private Bytes indication(Method method, Attribute... attributes) {
    return StunCodec.encode(
        StunMessage.indication(method, requests.newTransactionId(), attributes));
  }

  private boolean put(Bytes message) {
    return outputs.add(new Output.Send(flow, message));
  }

  Optional<Output> poll() {
    return Optional.ofNullable(outputs.poll()).or(requests::pollSend);
  }
}
