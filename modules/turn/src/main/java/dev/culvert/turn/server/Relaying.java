package dev.culvert.turn.server;

import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.Flow;
import dev.culvert.sansio.Output;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.stun.Method;
import dev.culvert.stun.StunCodec;
import dev.culvert.stun.StunMessage;
import dev.culvert.stun.StunPacket;
import dev.culvert.stun.TransactionId;
import dev.culvert.stun.attribute.AttributeType;
import dev.culvert.stun.attribute.Data;
import dev.culvert.stun.attribute.DontFragment;
import dev.culvert.stun.attribute.XorPeerAddress;
import dev.culvert.turn.ChannelData;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Data by value: indications, and for drivers without a data plane of their own ChannelData too.
 */
final class Relaying {
  private static final Set<Integer> UNDERSTOOD =
      Set.of(AttributeType.XOR_PEER_ADDRESS, AttributeType.DATA, AttributeType.DONT_FRAGMENT);

  private final Context context;

  Relaying(Context context) {
    this.context = context;
  }

  /** ChannelData of a client (RFC 8656 §12.6). */
  void channelData(Flow from, Bytes wire, long now) {
    Optional<ChannelData> message = ChannelData.decode(wire);
    Allocation allocation = context.clients.find(from);
    if (message.isEmpty() || allocation == null) {
      context.counts.add(
          message.isEmpty() ? TurnCount.DROPPED_GARBAGE : TurnCount.DROPPED_NO_PERMISSION);
      return;
    }
    Bytes data = message.get().data();
    PeerForward forward = allocation.toPeer(message.get().channel(), data.length(), now);
    Relayed relayed = forward == null ? null : context.sockets.get(forward.relay());
    if (forward != null && relayed != null) {
      Flow flow = relayed.toLocal(TransportAddress.of(forward.peer()));
      context.send(flow, data);
    }
  }

  /** A Send indication (RFC 8656 §11.2): what is wrong about it drops it. */
  void send(Flow from, StunPacket packet, long now) {
    StunMessage message = packet.message();
    Allocation allocation = context.clients.find(from);
    List<TransportAddress> peers = PeerAddresses.of(packet);
    Optional<Bytes> data = message.first(Data.class).map(Data::payload);
    boolean dontFragment = message.has(DontFragment.class);
    if (peers.isEmpty()
        || peers.get(0).port() == 0
        || data.isEmpty()
        || (dontFragment && !context.config.dontFragment())
        || !message.requiredOutside(UNDERSTOOD).isEmpty()) {
      context.counts.add(TurnCount.DROPPED_GARBAGE);
      return;
    }
    TransportAddress peer = peers.get(0);
    Optional<Relayed> relayed =
        allocation == null || allocation.tcp || PeerAddresses.hasMapped(packet)
            ? Optional.empty()
            : allocation.relayed(peer.isIpv4()).filter(address -> !address.isExpired(now));
    Permission permission = relayed.isEmpty() ? null : relayed.get().permission(peer.ip(), now);
    if (allocation == null || relayed.isEmpty() || permission == null) {
      context.counts.add(TurnCount.DROPPED_NO_PERMISSION);
    } else if (permission.own && !context.resources.isLive(peer.ip(), peer.port())) {
      context.counts.add(TurnCount.DROPPED_FORBIDDEN);
    } else if (allocation.countToPeer(data.get().length(), now)) {
      context.outputs.add(
          new Output.Send(relayed.get().to(peer), data.get(), Output.SYSTEM_TTL, dontFragment));
    }
  }

  /** A datagram that came to a relayed address (RFC 8656 §11.3, §12.7). */
  void fromPeer(Flow flow, Bytes payload, long now) {
    Relayed relayed = context.sockets.get(flow.id());
    if (relayed == null) {
      context.counts.add(TurnCount.DROPPED_GARBAGE);
      return;
    }
    ClientForward forward =
        relayed.toClient(flow.remote().ip(), flow.remote().port(), payload.length(), now);
    if (forward == null || !takes(forward.client())) {
      return;
    }
    if (forward.channel() != 0) {
      ChannelData message = new ChannelData(forward.channel(), payload);
      context.send(
          forward.client(),
          forward.client().transport().isStream() ? message.encodePadded() : message.encode());
    } else if (relayed.allocation.countToClient(payload.length(), now)) {
      indicate(relayed, flow, payload);
    }
  }

  private void indicate(Relayed relayed, Flow flow, Bytes payload) {
    StunMessage indication =
        StunMessage.indication(
            Method.DATA,
            TransactionId.random(context.random),
            new XorPeerAddress(relayed.peer(flow.remote())),
            new Data(payload));
    context.send(relayed.allocation.client, StunCodec.encode(indication));
  }

  /** A connection that takes no more bytes gets no data, as a full link would drop it. */
  private boolean takes(Flow client) {
    Clients.Connection connection = context.clients.connection(client.id());
    return connection == null || connection.writable;
  }
}
