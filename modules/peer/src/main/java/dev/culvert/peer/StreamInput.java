package dev.culvert.peer;

import dev.culvert.transport.quic.QuicLink;
import dev.culvert.transport.quic.QuicStream;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/** What the peer sends on a stream, for threads that may wait. The rest is left with QUIC. */
final class StreamInput extends InputStream {
  /** While fewer bytes wait here than these, more are asked for. */
  private static final int ENOUGH = 128 << 10;

  private final QuicStream stream;
  private final Queue<ByteBuffer> unread = new ArrayDeque<>();
  private int waiting;
  private boolean asked;
  private boolean closed;
  private boolean ended;
  private @Nullable String fault;

  StreamInput(QuicStream stream) {
    this.stream = stream;
    stream.channel().pipeline().addLast(new Reader());
    // A handler that is added while the channel closes may never be told of that.
    ChannelFuture unused =
        stream.channel().closeFuture().addListener(done -> end(Optional.of("the stream is over")));
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, into.length);
    if (stream.channel().eventLoop().inEventLoop()) {
      throw new IllegalStateException("reading blocks, which the event loop must not");
    }
    if (length == 0) {
      return 0;
    }
    int taken = -1;
    if (!isAtEnd()) {
      taken = copy(into, offset, length);
      askForMore();
    }
    return taken;
  }

  /** Waits until something is there, or nothing will be. */
  private boolean isAtEnd() throws IOException {
    askForMore();
    synchronized (this) {
      while (unread.isEmpty() && !closed && !ended && fault == null) {
        try {
          wait();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          throw new InterruptedIOException("interrupted while waiting for the peer");
        }
      }
      if (closed) {
        throw new PeerStreamException("the input was closed here");
      }
      if (unread.isEmpty() && fault != null) {
        throw new PeerStreamException(fault);
      }
      return unread.isEmpty();
    }
  }

  private synchronized int copy(byte[] into, int offset, int length) throws IOException {
    ByteBuffer first = unread.peek();
    if (first == null) {
      throw new PeerStreamException("the input was closed here");
    }
    int taken = Math.min(length, first.remaining());
    first.get(into, offset, taken);
    waiting -= taken;
    if (!first.hasRemaining()) {
      unread.remove();
    }
    return taken;
  }

  private void askForMore() {
    synchronized (this) {
      if (asked || ended || fault != null || closed || waiting >= ENOUGH) {
        return;
      }
      asked = true;
    }
    try {
      Channel unused = stream.channel().read();
    } catch (RejectedExecutionException e) {
      // Its runtime is closed.
      end(Optional.of("the stream is over"));
    }
  }

  @Override
  public synchronized int available() {
    return waiting;
  }

  @Override
  public void close() {
    if (abandon()) {
      stream.stop(QuicLink.CUT);
    }
  }

  /**
   * Nobody reads any more.
   *
   * @return whether the peer may still be sending
   */
  synchronized boolean abandon() {
    boolean first = !closed;
    closed = true;
    unread.clear();
    waiting = 0;
    notifyAll();
    return first && !ended && fault == null;
  }

  /** A copy, as whoever forgets a stream does not close it. */
  private synchronized void came(ByteBuf data) {
    if (!closed && data.isReadable()) {
      byte[] copy = new byte[data.readableBytes()];
      data.readBytes(copy);
      unread.add(ByteBuffer.wrap(copy));
      waiting += copy.length;
      notifyAll();
    }
  }

  /** A reader that still waits has got nothing, and there may be more. */
  private void allCame() {
    boolean more;
    synchronized (this) {
      asked = false;
      more = unread.isEmpty();
    }
    if (more) {
      askForMore();
    }
  }

  private synchronized void end(Optional<String> why) {
    if (!ended && fault == null) {
      ended = why.isEmpty();
      fault = why.orElse(null);
    }
    asked = false;
    notifyAll();
  }

  private final class Reader extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      ByteBuf data = (ByteBuf) message;
      try {
        came(data);
      } finally {
        data.release();
      }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
      allCame();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
      if (event instanceof ChannelInputShutdownEvent) {
        end(Optional.empty());
      }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      end(Optional.of("the peer cut the stream off"));
    }
  }
}
