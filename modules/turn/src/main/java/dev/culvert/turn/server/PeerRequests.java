package dev.culvert.turn.server;

import dev.culvert.sansio.TransportAddress;
import dev.culvert.stun.StunMessage;
import dev.culvert.stun.attribute.ChannelNumber;
import dev.culvert.stun.attribute.ErrorCode;
import dev.culvert.turn.ChannelData;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** CreatePermission and ChannelBind requests (RFC 8656 §10.2, §12.2). */
final class PeerRequests {
  private final Context context;
  private final Replies replies;

  PeerRequests(Context context) {
    this.context = context;
    replies = context.replies;
  }

  /** All peers of the request or none get their permission. */
  void createPermission(Request request, Allocation allocation) {
    List<TransportAddress> peers = PeerAddresses.of(request.packet());
    if (peers.isEmpty()) {
      replies.refuse(request, ErrorCode.BAD_REQUEST);
      return;
    }
    Optional<Integer> fault = fault(request, allocation, peers);
    if (fault.isPresent()) {
      replies.refuse(request, fault.get());
      return;
    }
    for (TransportAddress peer : peers) {
      allocation.relayed(peer.isIpv4()).orElseThrow().permit(peer.ip(), request.now());
    }
    replies.success(request);
  }

  /** Binds a channel, or keeps it bound. */
  void channelBind(Request request, Allocation allocation) {
    StunMessage message = request.message();
    List<TransportAddress> peers = PeerAddresses.of(request.packet());
    Optional<ChannelNumber> number = message.first(ChannelNumber.class);
    if (allocation.tcp
        || peers.isEmpty()
        || peers.get(0).port() == 0
        || number.filter(each -> isAllowed(request, each)).isEmpty()) {
      replies.refuse(request, ErrorCode.BAD_REQUEST);
      return;
    }
    TransportAddress peer = peers.get(0);
    Optional<Integer> fault = fault(request, allocation, List.of(peer));
    if (fault.isPresent()) {
      replies.refuse(request, fault.get());
      return;
    }
    int channel = number.get().number();
    allocation.channels.expire(request.now(), null);
    Relayed relayed = allocation.relayed(peer.isIpv4()).orElseThrow();
    ChannelBinding standing = allocation.channels.get(channel);
    if (standing == null ? isBound(relayed, peer, request.now()) : !isFor(standing, peer)) {
      replies.refuse(request, ErrorCode.BAD_REQUEST);
      return;
    }
    if (standing == null && allocation.channels.size() >= context.config.limits().permissions()) {
      replies.refuse(request, ErrorCode.INSUFFICIENT_CAPACITY);
      return;
    }
    Permission permission = relayed.permit(peer.ip(), request.now());
    if (standing == null) {
      bind(allocation, relayed, permission, peer, channel, request.now());
    } else {
      standing.refresh(request.now());
    }
    allocation.schedule(request.now() + ChannelBinding.LIFETIME_NANOS);
    replies.success(request);
  }

  /** Old clients, coturn's test client among them, take any number of RFC 5766. */
  private static boolean isAllowed(Request request, ChannelNumber channel) {
    return channel.isValid() || (request.isOld() && ChannelData.isChannel(channel.number()));
  }

  private static void bind(
      Allocation allocation,
      Relayed relayed,
      Permission permission,
      TransportAddress peer,
      int channel,
      long now) {
    ChannelBinding binding =
        new ChannelBinding(
            channel,
            permission,
            peer.port(),
            relayed,
            new PeerForward(relayed.id, relayed.socketAddress(peer)),
            new ClientForward(allocation.client, channel),
            now);
    allocation.channels.add(binding);
    permission.add(binding);
  }

  /** RFC 8656 §12.2: a peer has at most one channel of an allocation. */
  private static boolean isBound(Relayed relayed, TransportAddress peer, long now) {
    Permission permission = relayed.standing(peer.ip());
    return permission != null && permission.channel(peer.port(), now) != null;
  }

  private static boolean isFor(ChannelBinding binding, TransportAddress peer) {
    return binding.permission.peer.equals(peer.ip()) && binding.port == peer.port();
  }

  private Optional<Integer> fault(
      Request request, Allocation allocation, List<TransportAddress> peers) {
    if (PeerAddresses.hasMapped(request.packet())) {
      return Optional.of(ErrorCode.FORBIDDEN);
    }
    Set<Object> fresh = new LinkedHashSet<>();
    for (TransportAddress peer : peers) {
      Optional<Relayed> relayed = allocation.relayed(peer.isIpv4());
      if (relayed.isEmpty()) {
        return Optional.of(ErrorCode.PEER_ADDRESS_FAMILY_MISMATCH);
      }
      if (!context.permits(peer)) {
        return Optional.of(ErrorCode.FORBIDDEN);
      }
      if (relayed.get().isNew(peer.ip())) {
        fresh.add(peer.ip());
      }
    }
    boolean full =
        !fresh.isEmpty()
            && allocation.permissions() + fresh.size() > context.config.limits().permissions();
    return full ? Optional.of(ErrorCode.INSUFFICIENT_CAPACITY) : Optional.empty();
  }
}
