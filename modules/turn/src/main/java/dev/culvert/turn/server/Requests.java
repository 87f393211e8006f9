package dev.culvert.turn.server;

import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.Flow;
import dev.culvert.stun.LongTermServer;
import dev.culvert.stun.MessageClass;
import dev.culvert.stun.Method;
import dev.culvert.stun.StunCodec;
import dev.culvert.stun.StunMessage;
import dev.culvert.stun.StunPacket;
import dev.culvert.stun.attribute.AttributeType;
import dev.culvert.stun.attribute.ConnectionId;
import dev.culvert.stun.attribute.ErrorCode;
import dev.culvert.stun.attribute.UnknownAttributes;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Takes STUN messages to where they are dealt with, requests once they are proven (RFC 8656 §5).
 */
final class Requests {
  private static final Set<Method> METHODS =
      Set.of(
          Method.ALLOCATE,
          Method.REFRESH,
          Method.CREATE_PERMISSION,
          Method.CHANNEL_BIND,
          Method.CONNECT,
          Method.CONNECTION_BIND);

  /** What requests may hold that has to be understood; the rest gets 420. */
  private static final Set<Integer> UNDERSTOOD =
      Set.of(
          AttributeType.USERNAME,
          AttributeType.USERHASH,
          AttributeType.REALM,
          AttributeType.NONCE,
          AttributeType.PASSWORD_ALGORITHM,
          AttributeType.MESSAGE_INTEGRITY,
          AttributeType.MESSAGE_INTEGRITY_SHA256,
          AttributeType.CHANNEL_NUMBER,
          AttributeType.LIFETIME,
          AttributeType.XOR_PEER_ADDRESS,
          AttributeType.REQUESTED_ADDRESS_FAMILY,
          AttributeType.EVEN_PORT,
          AttributeType.REQUESTED_TRANSPORT,
          AttributeType.DONT_FRAGMENT,
          AttributeType.RESERVATION_TOKEN,
          AttributeType.ADDITIONAL_ADDRESS_FAMILY,
          AttributeType.CONNECTION_ID);

  private final Context context;
  private final Replies replies;
  private final Authentication authentication;
  private final AllocateRequests allocateRequests;
  private final RefreshRequests refreshRequests;
  private final PeerRequests peerRequests;
  private final TcpRequests tcpRequests;

  Requests(Context context, AllocateRequests allocateRequests, LongTermServer.Nonces nonces) {
    this.context = context;
    this.allocateRequests = allocateRequests;
    replies = context.replies;
    authentication = new Authentication(context.credentials, nonces, replies);
    refreshRequests = new RefreshRequests(context);
    peerRequests = new PeerRequests(context);
    tcpRequests = new TcpRequests(context);
  }

  void receive(Flow from, Bytes wire, long now, Relaying relaying) {
    Optional<StunPacket> packet = StunCodec.decode(wire).packet();
    if (packet.isEmpty()) {
      context.counts.add(TurnCount.DROPPED_GARBAGE);
      return;
    }
    StunMessage message = packet.get().message();
    if (message.messageClass() == MessageClass.REQUEST && METHODS.contains(message.method())) {
      request(from, packet.get(), now);
    } else if (message.messageClass() == MessageClass.INDICATION
        && message.method().equals(Method.SEND)) {
      relaying.send(from, packet.get(), now);
    } else {
      context.counts.add(TurnCount.DROPPED_GARBAGE);
    }
  }

  private void request(Flow from, StunPacket packet, long now) {
    Allocation allocation = context.clients.find(from);
    Allocation about = allocation;
    if (packet.message().method().equals(Method.CONNECTION_BIND)) {
      PeerConnection named = tcpRequests.named(packet.message().first(ConnectionId.class));
      about = named == null ? allocation : named.allocation;
    }
    Optional<Request> proven = authentication.check(from, packet, about, now);
    if (proven.isPresent()) {
      proven(proven.get(), allocation);
    }
  }

  private void proven(Request request, @Nullable Allocation allocation) {
    Method method = request.message().method();
    List<Integer> unknown = request.message().requiredOutside(UNDERSTOOD);
    if (!unknown.isEmpty()) {
      replies.refuse(request, ErrorCode.UNKNOWN_ATTRIBUTE, new UnknownAttributes(unknown));
    } else if (method.equals(Method.ALLOCATE)) {
      allocateRequests.handle(request);
    } else if (method.equals(Method.CONNECTION_BIND)) {
      tcpRequests.connectionBind(request);
    } else if (allocation != null
        && !allocation.session.username().equals(request.session().username())) {
      replies.refuse(request, ErrorCode.WRONG_CREDENTIALS);
    } else if (method.equals(Method.REFRESH)) {
      refreshRequests.handle(request, allocation);
    } else if (allocation == null) {
      replies.refuse(request, ErrorCode.ALLOCATION_MISMATCH);
    } else if (method.equals(Method.CREATE_PERMISSION)) {
      peerRequests.createPermission(request, allocation);
    } else if (method.equals(Method.CHANNEL_BIND)) {
      peerRequests.channelBind(request, allocation);
    } else {
      tcpRequests.connect(request, allocation);
    }
  }

  static Optional<Integer> homeOf(Bytes wire) {
    return StunCodec.decode(wire)
        .packet()
        .map(StunPacket::message)
        .filter(message -> message.method().equals(Method.CONNECTION_BIND))
        .flatMap(message -> message.first(ConnectionId.class))
        .map(id -> (int) (id.id() >> 24));
  }
}
