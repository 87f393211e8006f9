package dev.culvert.transport.server;

import dev.culvert.stun.BindingResponder;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.util.concurrent.ScheduledFuture;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Answers the requests of one TCP or TLS connection, told apart by their lengths (RFC 8489 §6.2.2).
 * It holds at most one unfinished request, reads nothing while the client does not take its
 * responses, and ends the connection when no complete request came for a while.
 */
@SuppressWarnings("FutureReturnValueIgnored") // What fails closes the channel, or is counted there.
final class StreamHandler extends ByteToMessageDecoder {
  private static final int HEADER = 20;

  private final LoopState loop;
  private final BindingResponder responder;
  private final long idleNanos;
  private long lastRequest;
  private boolean draining;
  private @Nullable ScheduledFuture<?> idleCheck;

  StreamHandler(LoopState loop, BindingResponder responder, long idleNanos) {
    this.loop = loop;
    this.responder = responder;
    this.idleNanos = idleNanos;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    lastRequest = System.nanoTime();
    watch(ctx, idleNanos);
  }

  @Override
  protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
    while (in.readableBytes() >= 4 && ctx.channel().isActive()) {
      int start = in.readerIndex();
      int length = HEADER + in.getUnsignedShort(start + 2);
      // Two zero bits, a length in words, no more than a datagram could bring.
      boolean plausible = (in.getByte(start) & 0xc0) == 0 && (length & 3) == 0;
      if (!plausible || length > ServerPlatform.MAX_DATAGRAM) {
        breakOff(ctx, in);
        return;
      }
      if (in.readableBytes() < length) {
        return;
      }
      ByteBuffer request = loop.request.clear().limit(length);
      in.readBytes(loop.requestBytes, 0, length);
      if (!answer(ctx, request)) {
        breakOff(ctx, in);
        return;
      }
    }
  }

  /** Whether the connection may go on: indications keep it alive and are never answered. */
  private boolean answer(ChannelHandlerContext ctx, ByteBuffer request) {
    InetSocketAddress remote = (InetSocketAddress) ctx.channel().remoteAddress();
    ByteBuffer response = loop.response.clear();
    BindingResponder.Outcome outcome =
        responder.respond(request, remote.getAddress(), remote.getPort(), response, loop.reply);
    if (!outcome.isSent()) {
      return outcome == BindingResponder.Outcome.NOT_A_BINDING_REQUEST;
    }
    lastRequest = System.nanoTime();
    ByteBuf bytes = ctx.alloc().directBuffer(response.position());
    bytes.writeBytes(loop.responseBytes, 0, response.position());
    ctx.write(bytes, ctx.voidPromise());
    loop.counts.add(ServerCount.STREAM_ANSWERED);
    return true;
  }

  private void breakOff(ChannelHandlerContext ctx, ByteBuf in) {
    in.skipBytes(in.readableBytes());
    loop.counts.add(ServerCount.DROPPED_GARBAGE);
    loop.counts.add(ServerCount.CONNECTIONS_BROKEN);
    ctx.close();
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) throws Exception {
    super.channelReadComplete(ctx);
    ctx.flush();
    closeIfDrained(ctx);
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    ctx.channel().config().setAutoRead(ctx.channel().isWritable());
  }

  /** Ends the connection as soon as no request is half received. */
  void drain(ChannelHandlerContext ctx) {
    draining = true;
    closeIfDrained(ctx);
  }

  private void closeIfDrained(ChannelHandlerContext ctx) {
    if (draining && actualReadableBytes() == 0 && ctx.channel().isActive()) {
      ctx.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
    }
  }

  private void watch(ChannelHandlerContext ctx, long delayNanos) {
    idleCheck =
        ctx.executor()
            .schedule(
                () -> {
                  long left = lastRequest + idleNanos - System.nanoTime();
                  if (left > 0) {
                    watch(ctx, left);
                  } else {
                    loop.counts.add(ServerCount.CONNECTIONS_IDLE);
                    ctx.close();
                  }
                },
                delayNanos,
                TimeUnit.NANOSECONDS);
  }

  @Override
  protected void handlerRemoved0(ChannelHandlerContext ctx) {
    if (idleCheck != null) {
      idleCheck.cancel(false);
    }
  }

  /** A connection that the client reset or whose TLS went wrong. */
  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    loop.counts.add(ServerCount.CONNECTIONS_BROKEN);
    ctx.close();
  }
}
