package dev.culvert.peer;

import dev.culvert.transport.quic.QuicStream;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.socket.DuplexChannel;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What goes to the peer on a stream, from threads that may wait. */
final class StreamOutput extends OutputStream {
  private static final int PIECE = 16 << 10;

  /** So many bytes may wait here, beyond what QUIC has taken. */
  private static final int MOST_WAITING = 128 << 10;

  private final QuicStream stream;
  private final DuplexChannel channel;
  private int waiting;
  private boolean closed;
  private @Nullable String fault;

  StreamOutput(QuicStream stream) {
    this.stream = stream;
    this.channel = stream.channel();
    ChannelFuture unused = channel.closeFuture().addListener(done -> gone("the stream is over"));
  }

  @Override
  public void write(int one) throws IOException {
    write(new byte[] {(byte) one}, 0, 1);
  }

  @Override
  public void write(byte[] from, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, from.length);
    if (channel.eventLoop().inEventLoop()) {
      throw new IllegalStateException("writing blocks, which the event loop must not");
    }
    for (int at = offset; at < offset + length; at += PIECE) {
      int piece = Math.min(PIECE, offset + length - at);
      await(piece);
      ByteBuf data = channel.alloc().directBuffer(piece).writeBytes(from, at, piece);
      ChannelFuture unused =
          channel.writeAndFlush(data).addListener(done -> went(piece, done.isSuccess()));
    }
  }

  private synchronized void await(int piece) throws IOException {
    while (true) {
      if (closed) {
        throw new PeerStreamException("the output was closed here");
      }
      if (fault != null) {
        throw new PeerStreamException(fault);
      }
      if (waiting == 0 || waiting + piece <= MOST_WAITING) {
        waiting += piece;
        return;
      }
      try {
        wait();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new InterruptedIOException("interrupted while waiting for the peer");
      }
    }
  }

  private synchronized void went(int piece, boolean well) {
    waiting -= piece;
    if (!well) {
      gone("the peer takes no more of this stream");
    }
    notifyAll();
  }

  private synchronized void gone(String why) {
    if (fault == null) {
      fault = why;
    }
    notifyAll();
  }

  @Override
  public synchronized void flush() throws IOException {
    // Everything is on its way as soon as there is room.
    if (fault != null && !closed) {
      throw new PeerStreamException(fault);
    }
  }

  @Override
  public void close() throws IOException {
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
      notifyAll();
      if (fault != null) {
        throw new PeerStreamException(fault);
      }
    }
    ChannelFuture unused = stream.end();
  }
}
