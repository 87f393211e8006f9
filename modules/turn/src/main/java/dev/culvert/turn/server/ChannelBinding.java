package dev.culvert.turn.server;

/** A channel number that stands for a peer (RFC 8656 §12). */
final class ChannelBinding {
  /** RFC 8656 §12. */
  static final long LIFETIME_NANOS = 600_000_000_000L;

  final int number;
  final Permission permission;
  final int port;
  final Relayed relayed;
  final PeerForward toPeer;
  final ClientForward toClient;
  private long expiresAt;

  ChannelBinding(
      int number,
      Permission permission,
      int port,
      Relayed relayed,
      PeerForward toPeer,
      ClientForward toClient,
      long now) {
    this.number = number;
    this.permission = permission;
    this.port = port;
    this.relayed = relayed;
    this.toPeer = toPeer;
    this.toClient = toClient;
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
}
