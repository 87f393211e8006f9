package dev.culvert.transport;

import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.CloseCause;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.timeout.IdleStateEvent;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Puts frames together to text messages and ends the connection as RFC 6455 has it (§5, §7); stands
 * behind a decoder of frames from the moment that the handshake is done. Belongs to the channel's
 * event loop.
 */
final class WebSocketMessages extends SimpleChannelInboundHandler<WebSocketFrame> {
  private static final long LAST_WORDS_SECONDS = 3;
  private static final int NO_STATUS = 1005;

  /** Whose messages they are; called on the channel's event loop. */
  interface Owner {
    /** The connection stands; nothing else is told before. */
    void opened(Channel channel, WebSocketMessages messages);

    /** A whole message of UTF-8. */
    void received(Bytes message);

    void writable(boolean writable);

    /** It is over; nothing more is told. */
    void ended(Fault why);
  }

  private final Owner owner;
  private final boolean server;
  private final int limit;
  private @Nullable ChannelHandlerContext context;
  private @Nullable ByteBuf partial;
  private boolean saidClose;
  private boolean ended;

  /**
   * Of a connection that is about to stand.
   *
   * @param server whether this is the end that closes the TCP connection (RFC 6455 §7.1.1)
   * @param limit bytes of a message
   */
  WebSocketMessages(Owner owner, boolean server, int limit) {
    this.owner = owner;
    this.server = server;
    this.limit = limit;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    context = ctx;
    owner.opened(ctx.channel(), this);
  }

  /** Writes a message without flushing it. */
  void write(Bytes message, Runnable written) {
    ChannelHandlerContext ctx = context;
    if (ctx == null || saidClose) {
      written.run();
      return;
    }
    ctx.write(new TextWebSocketFrame(Unpooled.wrappedBuffer(message.toByteArray())))
        .addListener(future -> written.run());
  }

  /** Ends it in good order, after what was written before; the owner is told nothing more. */
  void close() {
    ended = true;
    sayClose(WebSocketCloseStatus.NORMAL_CLOSURE.code(), "");
  }

  @Override
  protected void channelRead0(ChannelHandlerContext ctx, WebSocketFrame frame) {
    if (frame instanceof CloseWebSocketFrame close) {
      closed(ctx, close);
    } else if (ended) {
      return;
    } else if (frame instanceof PingWebSocketFrame) {
      // Who does not read answers gets none (RFC 6455 §5.5.3 wants one to the last ping).
      if (ctx.channel().isWritable()) {
        Outcome.ignored(ctx.writeAndFlush(new PongWebSocketFrame(frame.content().retain())));
      }
    } else if (frame instanceof TextWebSocketFrame || frame instanceof ContinuationWebSocketFrame) {
      add(frame);
    } else if (frame instanceof BinaryWebSocketFrame) {
      violated(WebSocketCloseStatus.INVALID_MESSAGE_TYPE, "sent binary data where text is spoken");
    }
  }

  private void add(WebSocketFrame frame) {
    ByteBuf content = frame.content();
    int before = partial == null ? 0 : partial.readableBytes();
    if (before + content.readableBytes() > limit) {
      violated(
          WebSocketCloseStatus.MESSAGE_TOO_BIG, "sent a message of more than " + limit + " bytes");
      return;
    }
    if (partial == null && frame.isFinalFragment()) {
      deliver(content);
      return;
    }
    if (partial == null) {
      partial = Unpooled.buffer(content.readableBytes(), limit);
    }
    partial.writeBytes(content);
    if (frame.isFinalFragment()) {
      ByteBuf whole = partial;
      partial = null;
      deliver(whole);
    }
  }

  private void deliver(ByteBuf message) {
    if (!ByteBufUtil.isText(message, StandardCharsets.UTF_8)) {
      violated(WebSocketCloseStatus.INVALID_PAYLOAD_DATA, "sent text that is not UTF-8");
      return;
    }
    owner.received(Bytes.wrap(ByteBufUtil.getBytes(message)));
  }

  private void violated(WebSocketCloseStatus status, String what) {
    partial = null;
    end(new Fault(CloseCause.OTHER, "the other side " + what));
    sayClose(status.code(), "");
  }

  /** The other side says that it is over, or answers that we said so. */
  private void closed(ChannelHandlerContext ctx, CloseWebSocketFrame close) {
    int status = close.statusCode() < 0 ? NO_STATUS : close.statusCode();
    end(WebSocketFaults.closed(status, close.reasonText()));
    sayClose(status, "");
    if (server) {
      ctx.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
    }
  }

  private void end(Fault why) {
    if (!ended) {
      ended = true;
      owner.ended(why);
    }
  }

  /** The connection goes as soon as the other side says so too, or after a while. */
  private void sayClose(int status, String reason) {
    ChannelHandlerContext ctx = context;
    if (ctx == null || saidClose || !ctx.channel().isActive()) {
      return;
    }
    saidClose = true;
    Channel channel = ctx.channel();
    Outcome.ignored(
        ctx.writeAndFlush(
            status == NO_STATUS
                ? new CloseWebSocketFrame(true, 0)
                : new CloseWebSocketFrame(status, reason)));
    channel.config().setAutoRead(true);
    var patience =
        channel.eventLoop().schedule(() -> abort(channel), LAST_WORDS_SECONDS, TimeUnit.SECONDS);
    channel.closeFuture().addListener(future -> patience.cancel(false));
  }

  /** Resets a connection at once; what is queued is lost. On its event loop. */
  static void abort(Channel channel) {
    if (channel.isOpen()) {
      channel.config().setOption(ChannelOption.SO_LINGER, 0);
      channel.unsafe().close(channel.unsafe().voidPromise());
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    if (!ended) {
      owner.writable(ctx.channel().isWritable());
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof IdleStateEvent) {
      end(new Fault(CloseCause.TIMED_OUT, "nothing was sent or received for too long"));
      sayClose(WebSocketCloseStatus.ENDPOINT_UNAVAILABLE.code(), "");
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable failure) {
    if (failure instanceof CorruptedWebSocketFrameException broken) {
      violated(broken.closeStatus(), "broke the WebSocket protocol: " + broken.getMessage());
    } else {
      end(Fault.of(failure));
      Outcome.ignored(ctx.close());
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    partial = null;
    end(new Fault(CloseCause.RESET, "the connection ended without the other side saying so"));
  }
}
