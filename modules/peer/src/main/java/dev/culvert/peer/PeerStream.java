package dev.culvert.peer;

import io.netty.channel.Channel;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * One stream of a {@link PeerConnection}: bytes in order, in both directions, each of which ends by
 * itself (RFC 9000 §2).
 *
 * <p>Read and written either with {@link #input} and {@link #output}, which block, or as a {@link
 * #channel} of Netty, not both.
 */
public final class PeerStream implements AutoCloseable {
  PeerStream() {}

  /** Its connection. */
  public PeerConnection connection() {
    throw new UnsupportedOperationException();
  }

  /** Whether this side opened it. */
  public boolean isOwn() {
    throw new UnsupportedOperationException();
  }

  /**
   * What the peer sends; reading blocks, on a thread that is not the event loop's. Ends where the
   * peer ended its direction; throws a {@link PeerStreamException} if that was cut off. Closing it
   * tells the peer to stop.
   */
  public InputStream input() {
    throw new UnsupportedOperationException();
  }

  /**
   * What goes to the peer; writing blocks while more waits than the path takes. Closing it ends
   * this direction in good order, once all was sent.
   */
  public OutputStream output() {
    throw new UnsupportedOperationException();
  }

  /**
   * The stream as a channel of {@code ByteBuf}s, on the connection's event loop; its output is shut
   * down by {@link io.netty.channel.socket.DuplexChannel#shutdownOutput}.
   */
  public Channel channel() {
    throw new UnsupportedOperationException();
  }

  /** Cuts off both directions, unless they have ended. */
  @Override
  public void close() {
    throw new UnsupportedOperationException();
  }
}
