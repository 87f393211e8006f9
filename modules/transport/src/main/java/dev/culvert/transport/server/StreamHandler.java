package dev.culvert.transport.server;

import dev.culvert.stun.BindingResponder;
import dev.culvert.turn.ChannelData;
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
 * Cuts one TCP or TLS connection into messages by their lengths (RFC 8489 §6.2.2, RFC 8656 §12.4),
 * answers Binding requests and hands the rest to the relay. It holds at most one unfinished
 * message, reads nothing while the client does not take its responses, and ends the connection when
 * no complete request came for a while and it has no allocation.
 */
@SuppressWarnings("FutureReturnValueIgnored") // What fails closes the channel, or is counted there.
final class StreamHandler extends ByteToMessageDecoder {
  private static final int HEADER = 20;

  /** What a client with an allocation may send at once. */
  private static final int LONGEST = HEADER + 0xffff;

  private static final int BINDING_REQUEST = 0x0001;
  private static final int BINDING_INDICATION = 0x0011;

  private final LoopState loop;
  private final BindingResponder responder;
  private final @Nullable StreamClient client;
  private final long idleNanos;
  private long lastRequest;
  private boolean draining;
  private @Nullable ScheduledFuture<?> idleCheck;

  /**
   * A connection that has brought nothing yet.
   *
   * @param client how the relay sees it; null where there is no relay
   */
  StreamHandler(
      LoopState loop, BindingResponder responder, @Nullable StreamClient client, long idleNanos) {
    this.loop = loop;
    this.responder = responder;
    this.client = client;
    this.idleNanos = idleNanos;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    lastRequest = System.nanoTime();
    watch(ctx, idleNanos);
  }

  @Override
  protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
    boolean goesOn = true;
    while (goesOn && in.readableBytes() >= 4 && ctx.channel().isActive() && !isAway()) {
      int start = in.readerIndex();
      int field = in.getUnsignedShort(start + 2);
      boolean data = client != null && ChannelData.beginsWith(in.getUnsignedByte(start));
      // A message begins with two zero bits and its length is in words; data is padded to words.
      int length = data ? ChannelData.HEADER_LENGTH + (field + 3 & ~3) : HEADER + field;
      boolean plausible = data || ((in.getByte(start) & 0xc0) == 0 && (field & 3) == 0);
      if (!plausible || length > longest()) {
        breakOff(ctx, in);
        return;
      }
      if (in.readableBytes() < length) {
        break;
      }
      if (data) {
        relay(in, start, field);
        in.skipBytes(length);
      } else {
        goesOn = take(ctx, in, length);
      }
    }
    if (client != null) {
      // What was passed on lies in this buffer.
      client.sendWaiting();
    }
  }

  private boolean isAway() {
    return client != null && client.isAway();
  }

  private int longest() {
    return client != null && client.hasAllocation() ? LONGEST : ServerPlatform.MAX_DATAGRAM;
  }

  private void relay(ByteBuf in, int start, int length) {
    boolean known = client != null && client.relay(in, start, length);
    if (known) {
      lastRequest = System.nanoTime();
    }
    loop.counts.add(known ? ServerCount.RELAY : ServerCount.DROPPED_GARBAGE);
  }

  /** Whether the connection goes on as it is. */
  private boolean take(ChannelHandlerContext ctx, ByteBuf in, int length) {
    int type = in.getUnsignedShort(in.readerIndex());
    if (client != null && type != BINDING_REQUEST && type != BINDING_INDICATION) {
      byte[] message = new byte[length];
      in.readBytes(message);
      if (!client.receive(ctx, this, message)) {
        breakOff(ctx, in);
        return false;
      }
      lastRequest = System.nanoTime();
      loop.counts.add(ServerCount.RELAY);
      return !ctx.isRemoved();
    }
    ByteBuffer request = loop.request.clear().limit(length);
    in.readBytes(loop.requestBytes, 0, length);
    if (!answer(ctx, request)) {
      breakOff(ctx, in);
      return false;
    }
    return true;
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
    if (!ctx.channel().isWritable()) {
      ctx.channel().config().setAutoRead(false);
    }
    loop.counts.add(ServerCount.STREAM_ANSWERED);
    return true;
  }

  /** Takes up the messages that were left when another loop was asked about one. */
  void readOn(ChannelHandlerContext ctx) {
    try {
      channelRead(ctx, Unpooled.EMPTY_BUFFER);
      channelReadComplete(ctx);
    } catch (Exception e) {
      exceptionCaught(ctx, e);
    }
  }

  private void breakOff(ChannelHandlerContext ctx, ByteBuf in) {
    in.skipBytes(in.readableBytes());
    loop.counts.add(ServerCount.DROPPED_GARBAGE);
    loop.counts.add(ServerCount.CONNECTIONS_BROKEN);
    ctx.close();
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) throws Exception {
    endReading(ctx);
    if (client != null) {
      client.endBatch();
    }
    ctx.flush();
    closeIfDrained(ctx);
  }

  /** A decoder that has nothing to hand on asks for more, also where no more may be read. */
  private void endReading(ChannelHandlerContext ctx) throws Exception {
    if (ctx.channel().config().isAutoRead()) {
      super.channelReadComplete(ctx);
    } else {
      discardSomeReadBytes();
      ctx.fireChannelReadComplete();
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    if (ctx.channel().isWritable() && !isAway()) {
      ctx.channel().config().setAutoRead(true);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) throws Exception {
    super.channelInactive(ctx);
    if (client != null && !ctx.isRemoved()) {
      client.closed();
    }
  }

  /** Ends the connection as soon as no request is half received and it has no allocation. */
  void drain(ChannelHandlerContext ctx) {
    draining = true;
    closeIfDrained(ctx);
  }

  private void closeIfDrained(ChannelHandlerContext ctx) {
    boolean busy = actualReadableBytes() > 0 || (client != null && client.hasAllocation());
    if (draining && !busy && ctx.channel().isActive()) {
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
                  } else if (client != null && client.hasAllocation()) {
                    watch(ctx, idleNanos);
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
