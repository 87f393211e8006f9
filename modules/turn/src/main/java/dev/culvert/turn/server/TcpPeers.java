package dev.culvert.turn.server;

import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.Flow;
import dev.culvert.sansio.Output;
import dev.culvert.sansio.Transport;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.stun.Method;
import dev.culvert.stun.StunCodec;
import dev.culvert.stun.StunMessage;
import dev.culvert.stun.TransactionId;
import dev.culvert.stun.attribute.ConnectionId;
import dev.culvert.stun.attribute.ErrorCode;
import dev.culvert.stun.attribute.XorPeerAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The TCP connections to and from peers, and those of clients that they are joined with. */
final class TcpPeers {
  /** RFC 6062 §5.2, §5.3: so long may it take to reach a peer, and a client to come for it. */
  static final long PATIENCE_NANOS = 30_000_000_000L;

  private final Context context;
  private final Map<TransportAddress, Relayed> listeners = new HashMap<>();
  private final Map<Long, PeerConnection> bySocket = new HashMap<>();
  private final Map<Long, PeerConnection> byConnectionId = new HashMap<>();
  private final Map<Long, PeerConnection> byClient = new HashMap<>();

  TcpPeers(Context context) {
    this.context = context;
  }

  /** Peers may connect to a relayed address from now on. */
  void listen(Relayed relayed) {
    listeners.put(relayed.local(), relayed);
  }

  /** They may no more. */
  void unlisten(Relayed relayed) {
    listeners.remove(relayed.local(), relayed);
  }

  /** The relayed address that a connection was made to; null: it is no relayed address. */
  @Nullable Relayed listener(TransportAddress local) {
    return listeners.get(local);
  }

  boolean isConnected(Allocation allocation, TransportAddress peer) {
    return allocation.connections.stream().anyMatch(other -> other.peer.equals(peer));
  }

  boolean hasRoom(Allocation allocation) {
    return allocation.connections.size() < context.config.limits().connections();
  }

  /** Begins to connect to a peer for a Connect request. */
  void connect(Request request, Allocation allocation, Relayed relayed, TransportAddress peer) {
    long id = context.newId();
    PeerConnection connection = add(allocation, id, peer, Optional.of(request));
    TransportAddress target =
        new TransportAddress(context.resources.localOf(peer.ip()), peer.port());
    context.outputs.add(
        new Output.Open(id, Transport.TCP, Optional.of(relayed.local()), target, Optional.empty()));
    watch(connection, request.now());
  }

  /** A peer connected to a relayed address. */
  void accepted(Flow flow, Relayed relayed, long now) {
    TransportAddress peer = relayed.peer(flow.remote());
    Allocation allocation = relayed.allocation;
    Permission permission = relayed.permission(peer.ip(), now);
    boolean permitted =
        permission != null && (!permission.own || context.resources.isLive(peer.ip(), peer.port()));
    if (!permitted || !hasRoom(allocation)) {
      context.counts.add(TurnCount.DROPPED_NO_PERMISSION);
      context.outputs.add(new Output.Close(flow.id()));
      return;
    }
    PeerConnection connection = add(allocation, flow.id(), peer, Optional.empty());
    connection.flow = Optional.of(flow);
    StunMessage attempt =
        StunMessage.indication(
            Method.CONNECTION_ATTEMPT,
            TransactionId.random(context.random),
            new XorPeerAddress(peer),
            new ConnectionId(connection.connectionId));
    context.send(allocation.client, StunCodec.encode(attempt));
    watch(connection, now);
  }

  private PeerConnection add(
      Allocation allocation, long socket, TransportAddress peer, Optional<Request> asked) {
    long id = context.newConnectionId();
    while (byConnectionId.containsKey(id)) {
      id = context.newConnectionId();
    }
    PeerConnection connection = new PeerConnection(allocation, socket, peer, asked, id);
    allocation.connections.add(connection);
    bySocket.put(socket, connection);
    byConnectionId.put(id, connection);
    return connection;
  }

  private void watch(PeerConnection connection, long now) {
    context.deadlines.add(
        now + PATIENCE_NANOS,
        later -> {
          if (bySocket.get(connection.socket) == connection && connection.client.isEmpty()) {
            drop(connection);
          }
        });
  }

  /** The connection that a Connect request asked for stands. */
  void opened(Flow flow, long now) {
    PeerConnection connection = bySocket.get(flow.id());
    if (connection == null) {
      context.outputs.add(new Output.Close(flow.id()));
      return;
    }
    connection.flow = Optional.of(flow);
    connection.asked.ifPresent(
        request -> context.replies.success(request, new ConnectionId(connection.connectionId)));
    connection.asked = Optional.empty();
    watch(connection, now);
  }

  /** The connection by the name that its client was told; null: there is none to be had. */
  @Nullable PeerConnection waiting(long connectionId) {
    PeerConnection connection = byConnectionId.get(connectionId);
    return connection != null && connection.flow.isPresent() && connection.client.isEmpty()
        ? connection
        : null;
  }

  /** Joins a client's data connection with a peer's. */
  void join(Flow client, PeerConnection connection) {
    connection.client = Optional.of(client);
    byClient.put(client.id(), connection);
    for (Bytes early : connection.takeEarly()) {
      pass(connection.socket, early);
    }
  }

  boolean knows(long socket) {
    return bySocket.containsKey(socket) || byClient.containsKey(socket);
  }

  /** The other end of a joined connection; {@link TurnServer#NONE}: it is not joined. */
  long partner(long socket) {
    PeerConnection ofPeer = bySocket.get(socket);
    if (ofPeer != null) {
      return ofPeer.client.map(Flow::id).orElse(TurnServer.NONE);
    }
    PeerConnection ofClient = byClient.get(socket);
    return ofClient == null ? TurnServer.NONE : ofClient.socket;
  }

  /** Bytes of a connection that {@link #knows} names. */
  void pass(long socket, Bytes bytes) {
    PeerConnection ofClient = byClient.get(socket);
    if (ofClient != null) {
      count(socket, bytes.length());
      ofClient.flow.ifPresent(peer -> context.send(peer, bytes));
      return;
    }
    PeerConnection ofPeer = bySocket.get(socket);
    if (ofPeer == null) {
      return;
    }
    if (ofPeer.client.isPresent()) {
      count(socket, bytes.length());
      context.send(ofPeer.client.get(), bytes);
    } else if (!ofPeer.keep(bytes)) {
      drop(ofPeer);
    }
  }

  void count(long socket, int bytes) {
    PeerConnection ofClient = byClient.get(socket);
    PeerConnection connection = ofClient == null ? bySocket.get(socket) : ofClient;
    if (connection != null) {
      connection.allocation.countSpliced(ofClient != null, bytes);
    }
  }

  /** Either end was closed. */
  void closed(long socket) {
    PeerConnection connection = bySocket.get(socket);
    if (connection == null) {
      connection = byClient.get(socket);
    }
    if (connection != null) {
      remove(connection);
      closeOther(connection, socket);
      refuse(connection);
    }
  }

  void closeAll(Allocation allocation) {
    List.copyOf(allocation.connections).forEach(this::drop);
  }

  private void drop(PeerConnection connection) {
    remove(connection);
    closeOther(connection, TurnServer.NONE);
    refuse(connection);
  }

  private void refuse(PeerConnection connection) {
    connection.asked.ifPresent(
        request -> context.replies.refuse(request, ErrorCode.CONNECTION_TIMEOUT_OR_FAILURE));
    connection.asked = Optional.empty();
  }

  private void remove(PeerConnection connection) {
    connection.allocation.connections.remove(connection);
    bySocket.remove(connection.socket);
    byConnectionId.remove(connection.connectionId);
    connection.client.ifPresent(client -> byClient.remove(client.id()));
  }

  private void closeOther(PeerConnection connection, long closed) {
    if (connection.socket != closed) {
      context.outputs.add(new Output.Close(connection.socket));
    }
    connection
        .client
        .filter(client -> client.id() != closed)
        .ifPresent(client -> context.outputs.add(new Output.Close(client.id())));
  }
}
