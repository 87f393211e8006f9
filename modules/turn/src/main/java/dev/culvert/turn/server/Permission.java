package dev.culvert.turn.server;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Whose datagrams a relayed address takes (RFC 8656 §9), and the channels bound to that peer. */
final class Permission {
  /** RFC 8656 §9. */
  static final long LIFETIME_NANOS = 300_000_000_000L;

  /** Whether only live relayed addresses of this node are meant. */
  final boolean own;

  final InetAddress peer;

  private long expiresAt;

  private final List<ChannelBinding> channels = new ArrayList<>(1);

  Permission(InetAddress peer, boolean own, long now) {
    this.peer = peer;
    this.own = own;
    refresh(now);
  }

  void refresh(long now) {
    expiresAt = now + LIFETIME_NANOS;
  }

  boolean isExpired(long now) {
    return expiresAt - now <= 0;
  }

  long expiresAt() {
    return expiresAt;
  }

  void add(ChannelBinding channel) {
    channels.add(channel);
  }

  void remove(ChannelBinding channel) {
    channels.remove(channel);
  }

  /** Whether nothing needs this object any more. */
  boolean isUnused(long now) {
    return isExpired(now) && channels.isEmpty();
  }

  /** The channel that is bound to a port of the peer; null: none. */
  @Nullable ChannelBinding channel(int port, long now) {
    for (int i = 0; i < channels.size(); i++) {
      ChannelBinding channel = channels.get(i);
      if (channel.port == port) {
        return channel.isExpired(now) ? null : channel;
      }
    }
    return null;
  }
}
