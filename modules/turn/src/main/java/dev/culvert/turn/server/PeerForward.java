package dev.culvert.turn.server;

import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** Where data of a client's channel goes on to. Belongs to the engine's thread. */
public final class PeerForward {
  private final long relay;
  private final InetSocketAddress peer;
  private @Nullable Object attachment;

  PeerForward(long relay, InetSocketAddress peer) {
    this.relay = relay;
    this.peer = peer;
  }

  /** The id of the relay socket that sends it. */
  public long relay() {
    return relay;
  }

  /** To whom; an address of this machine where the peer is another allocation of this node. */
  public InetSocketAddress peer() {
    return peer;
  }

  /** What the driver attached; null: nothing. */
  public @Nullable Object attachment() {
    return attachment;
  }

  /**
   * Keeps something for the driver as long as this object is handed out, which is never after the
   * relay socket was closed: what it would have to look up by {@link #relay} for each datagram.
   */
  public void attach(Object something) {
    attachment = something;
  }
}
