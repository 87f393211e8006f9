package dev.culvert.peer;

import dev.culvert.transport.quic.QuicLink;
import dev.culvert.transport.quic.QuicStream;
import io.netty.channel.socket.DuplexChannel;
import java.io.InputStream;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/**
 * One stream of a {@link PeerConnection}: bytes in order, in both directions, each of which ends by
 * itself (RFC 9000 §2).
 *
 * <p>Read and written either with {@link #input} and {@link #output}, which block, or as a {@link
 * #channel} of Netty, not both. Safe for any thread; each direction is for one thread at a time.
 */
public final class PeerStream implements AutoCloseable {
  private final PeerConnection connection;
  private final QuicStream stream;
  private @Nullable StreamInput input;
  private @Nullable StreamOutput output;

  PeerStream(PeerConnection connection, QuicStream stream) {
    this.connection = connection;
    this.stream = stream;
  }

  /** Its connection. */
  public PeerConnection connection() {
    return connection;
  }

  /** Whether this side opened it. */
  public boolean isOwn() {
    return stream.isOwn();
  }

  /**
   * What the peer sends; reading blocks, on a thread that is not the event loop's. Ends where the
   * peer ended its direction; throws a {@link PeerStreamException} if that was cut off. Closing it
   * tells the peer to stop. Whoever never reads holds up the peer, and this stream alone.
   */
  public synchronized InputStream input() {
    if (input == null) {
      input = new StreamInput(stream);
    }
    return input;
  }

  /**
   * What goes to the peer; writing blocks while more waits than the path takes, and is not for the
   * event loop. Closing it ends this direction in good order, once all was sent.
   */
  public synchronized OutputStream output() {
    if (output == null) {
      output = new StreamOutput(stream);
    }
    return output;
  }

  /**
   * The stream as a channel of {@code ByteBuf}s, on the connection's event loop. It reads when it
   * is asked to, by {@code read()} or {@code config().setAutoRead(true)}, so that handlers can be
   * put in first; that the peer ended its direction is a {@link
   * io.netty.channel.socket.ChannelInputShutdownEvent}. The other direction is ended by {@link
   * #end}: {@link DuplexChannel#shutdownOutput} would overtake what still waits.
   */
  public DuplexChannel channel() {
    return stream.channel();
  }

  /** Ends this side's direction in good order, after all that was written; does not wait. */
  public void end() {
    var unused = stream.end();
  }

  /**
   * Cuts off both directions, unless they have ended: what was written before {@link #end}, or
   * before the output was closed, still arrives.
   */
  @Override
  public void close() {
    synchronized (this) {
      if (input != null) {
        boolean unused = input.abandon();
      }
    }
    stream.cut(QuicLink.CUT);
  }
}
