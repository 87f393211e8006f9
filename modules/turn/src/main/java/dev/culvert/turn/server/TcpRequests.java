package dev.culvert.turn.server;

import dev.culvert.sansio.TransportAddress;
import dev.culvert.stun.attribute.ConnectionId;
import dev.culvert.stun.attribute.ErrorCode;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Connect and ConnectionBind requests (RFC 6062 §5.2, §5.4). */
final class TcpRequests {
  private final Context context;
  private final Replies replies;

  TcpRequests(Context context) {
    this.context = context;
    replies = context.replies;
  }

  void connect(Request request, Allocation allocation) {
    List<TransportAddress> peers = PeerAddresses.of(request.packet());
    if (!allocation.tcp || peers.isEmpty() || peers.get(0).port() == 0) {
      replies.refuse(request, ErrorCode.BAD_REQUEST);
      return;
    }
    TransportAddress peer = peers.get(0);
    Optional<Relayed> relayed = allocation.relayed(peer.isIpv4());
    if (PeerAddresses.hasMapped(request.packet())) {
      replies.refuse(request, ErrorCode.FORBIDDEN);
    } else if (relayed.isEmpty()) {
      replies.refuse(request, ErrorCode.PEER_ADDRESS_FAMILY_MISMATCH);
    } else if (!context.permits(peer)) {
      replies.refuse(request, ErrorCode.FORBIDDEN);
    } else if (context.peers.isConnected(allocation, peer)) {
      replies.refuse(request, ErrorCode.CONNECTION_ALREADY_EXISTS);
    } else if (!context.peers.hasRoom(allocation)) {
      replies.refuse(request, ErrorCode.INSUFFICIENT_CAPACITY);
    } else {
      context.peers.connect(request, allocation, relayed.get(), peer);
    }
  }

  /** Whose connection a ConnectionBind request names; null: nobody's. */
  @Nullable PeerConnection named(Optional<ConnectionId> id) {
    return id.isEmpty() ? null : context.peers.waiting(id.get().id());
  }

  void connectionBind(Request request) {
    PeerConnection connection = named(request.message().first(ConnectionId.class));
    boolean fresh =
        request.from().transport().isStream()
            && context.clients.find(request.from()) == null
            && !context.peers.knows(request.from().id());
    if (connection == null || !fresh) {
      replies.refuse(request, ErrorCode.BAD_REQUEST);
    } else if (!connection.allocation.session.username().equals(request.session().username())) {
      replies.refuse(request, ErrorCode.WRONG_CREDENTIALS);
    } else {
      replies.success(request);
      context.peers.join(request.from(), connection);
    }
  }
}
