package dev.culvert.transport.quic;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.quic.QuicStreamChannel;
import io.netty.handler.codec.quic.QuicStreamFrame;
import io.netty.handler.codec.quic.QuicStreamResetException;
import io.netty.util.ReferenceCountUtil;
import java.util.concurrent.RejectedExecutionException;

/**
 * A stream in both directions (RFC 9000 §2). Safe for any thread.
 *
 * <p>Its channel reads only when asked ({@code read()} or {@code setAutoRead(true)}), so that
 * handlers can be put in first; the end of what the peer sends is a {@link
 * ChannelInputShutdownEvent}, and its cut an exception that handlers are told.
 */
public final class QuicStream {
  private static final int MOST_IGNORED = 64 << 10;

  private final QuicLink link;
  private final QuicStreamChannel channel;
  private volatile boolean ending;
  private boolean ended;
  private boolean counted;

  QuicStream(QuicLink link, QuicStreamChannel channel) {
    this.link = link;
    this.channel = channel;
    channel.config().setOption(ChannelOption.AUTO_READ, false);
    channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
    channel.pipeline().addLast(new Ends());
  }

  /** Its channel, on the link's loop. */
  public DuplexChannel channel() {
    return channel;
  }

  /** Its number (RFC 9000 §2.1). */
  public long id() {
    return channel.streamId();
  }

  /** Whether this side opened it. */
  public boolean isOwn() {
    return channel.isLocalCreated();
  }

  /** Ends this side's direction in good order, after everything that was written before. */
  public ChannelFuture end() {
    ending = true;
    // The channel's own method would overtake what still waits.
    return channel.writeAndFlush(QuicStreamFrame.EMPTY_FIN);
  }

  /** Tells the peer to stop; what it has sent is thrown away. */
  public void stop(int code) {
    onLoop(
        () -> {
          count();
          ChannelFuture unused = channel.shutdownInput(code);
        });
  }

  /**
   * Cuts off both directions. If this side's was ended in good order it stays so, and the peer has
   * some room to end its own likewise, which nobody reads.
   */
  public void cut(int code) {
    onLoop(
        () -> {
          if (channel.isActive() && ending) {
            ignore(code);
          } else if (channel.isActive()) {
            count();
            ChannelFuture unused = channel.shutdown(code).addListener(ChannelFutureListener.CLOSE);
          }
        });
  }

  private void ignore(int code) {
    if (!ended) {
      channel.pipeline().addFirst(new Ignored(code));
      channel.config().setAutoRead(true);
    }
  }

  private void onLoop(Runnable action) {
    if (channel.eventLoop().inEventLoop()) {
      action.run();
    } else {
      try {
        channel.eventLoop().execute(action);
      } catch (RejectedExecutionException e) {
        // Its runtime is closed, and the stream with it.
      }
    }
  }

  /** The library keeps something of each stream whose end it did not see. */
  private void count() {
    if (!ended && !counted) {
      counted = true;
      link.cutOff();
    }
  }

  /** Throws away what comes, and after a while has the peer stop. */
  private final class Ignored extends ChannelInboundHandlerAdapter {
    private final int code;
    private int room = MOST_IGNORED;

    Ignored(int code) {
      this.code = code;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      if (message instanceof ByteBuf data) {
        room -= data.readableBytes();
      }
      ReferenceCountUtil.release(message);
      if (room < 0 && !counted) {
        stop(code);
      }
    }
  }

  private final class Ends extends ChannelInboundHandlerAdapter {
    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
      if (event instanceof ChannelInputShutdownEvent) {
        ended = true;
      }
      context.fireUserEventTriggered(event);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      if (context.pipeline().last() != this) {
        context.fireExceptionCaught(cause);
      }
      if (cause instanceof QuicStreamResetException && channel.isActive()) {
        // Whoever cuts off one direction does not read the other, and the library would forget the
        // stream before it tells whoever writes.
        count();
        ChannelFuture unused =
            channel.shutdown(QuicLink.CUT).addListener(ChannelFutureListener.CLOSE);
      }
    }
  }
}
