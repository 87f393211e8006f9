package dev.culvert.turn.server;

import dev.culvert.sansio.Flow;
import dev.culvert.sansio.Transport;
import dev.culvert.sansio.TransportAddress;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One relayed transport address of an allocation, with the permissions of its IP version. */
final class Relayed implements RelaySocket {
  final long id;
  final RelayResources.Lease lease;
  final Allocation allocation;
  private final Context context;
  private final TransportAddress local;
  private final Map<InetAddress, Permission> permissions = new HashMap<>(4);
  private long expiresAt;

  Relayed(
      Context context, long id, RelayResources.Lease lease, Allocation allocation, long expiresAt) {
    this.context = context;
    this.id = id;
    this.lease = lease;
    this.allocation = allocation;
    this.expiresAt = expiresAt;
    local = new TransportAddress(lease.address().local(), lease.port());
  }

  /** The address that peers see. */
  TransportAddress announced() {
    return new TransportAddress(lease.address().announced(), lease.port());
  }

  /** The address that the socket has. */
  TransportAddress local() {
    return local;
  }

  boolean isIpv4() {
    return lease.address().isIpv4();
  }

  long expiresAt() {
    return expiresAt;
  }

  void expireAt(long time) {
    expiresAt = time;
  }

  boolean isExpired(long now) {
    return expiresAt - now <= 0;
  }

  /** The flow on which datagrams go to a peer, by its announced address. */
  Flow to(TransportAddress peer) {
    return toLocal(new TransportAddress(context.resources.localOf(peer.ip()), peer.port()));
  }

  /** The flow on which datagrams go to a peer, by the address that its socket has. */
  Flow toLocal(TransportAddress peer) {
    return new Flow(id, Transport.UDP, local, peer);
  }

  /** The permission for a peer; null: there is none, or it has expired. */
  @Nullable Permission permission(InetAddress peer, long now) {
    Permission permission = permissions.get(peer);
    return permission == null || permission.isExpired(now) ? null : permission;
  }

  /** The permission for a peer, were it only for its channels. */
  @Nullable Permission standing(InetAddress peer) {
    return permissions.get(peer);
  }

  /** Whether a permission for a peer would be a new one. */
  boolean isNew(InetAddress peer) {
    return !permissions.containsKey(peer);
  }

  int permissions() {
    return permissions.size();
  }

  /** Installs or refreshes a permission. */
  Permission permit(InetAddress peer, long now) {
    Permission permission = permissions.get(peer);
    if (permission == null) {
      permission = new Permission(peer, context.mustBeLive(peer), now);
      permissions.put(peer, permission);
    }
    permission.refresh(now);
    allocation.schedule(permission.expiresAt());
    return permission;
  }

  @Override
  public @Nullable ClientForward toClient(InetAddress ip, int port, int length, long now) {
    InetAddress peer = context.resources.announcedOf(ip);
    Permission permission = permission(peer, now);
    if (permission == null || isExpired(now)) {
      context.counts.add(TurnCount.DROPPED_NO_PERMISSION);
      return null;
    }
    if (permission.own && !context.resources.isLive(peer, port)) {
      context.counts.add(TurnCount.DROPPED_FORBIDDEN);
      return null;
    }
    ChannelBinding channel = permission.channel(port, now);
    if (channel == null) {
      return allocation.indication();
    }
    return allocation.countToClient(length, now) ? channel.toClient : null;
  }

  /** Where data of a peer's datagram seems to come from for the client. */
  TransportAddress peer(TransportAddress from) {
    return new TransportAddress(context.resources.announcedOf(from.ip()), from.port());
  }

  void expirePermissions(long now) {
    permissions.values().removeIf(permission -> permission.isUnused(now));
  }

  /** When the next of these is due. */
  long nextExpiry(long now) {
    long next = expiresAt;
    for (Permission permission : permissions.values()) {
      long due = permission.expiresAt();
      // One that is over stays while a channel needs it.
      if (due - now > 0 && due - next < 0) {
        next = due;
      }
    }
    return next;
  }

  InetSocketAddress socketAddress(TransportAddress peer) {
    return to(peer).remote().toSocketAddress();
  }
}
