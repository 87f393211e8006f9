package dev.culvert.transport.server;

import dev.culvert.transport.http.wire.HttpPipeline;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Tells from the first bytes of a connection what it speaks, and gives way to whatever handles
 * that. ChannelData shares its first byte with some letters, so that a whole method and the space
 * behind it make HTTP; everything else is for STUN, which knows garbage when it sees it. Some other
 * protocol begins with an HTTP request as well where it is a WebSocket.
 */
@SuppressWarnings("FutureReturnValueIgnored") // What fails closes the channel, or is counted there.
final class FirstBytes extends ByteToMessageDecoder {
  private static final List<String> METHODS =
      List.of(
          "GET ", "HEAD ", "POST ", "PUT ", "PATCH ", "DELETE ", "OPTIONS ", "TRACE ", "CONNECT ");

  private enum Kind {
    UNDECIDED,
    HTTP,
    STUN
  }

  private final LoopState loop;
  private final Supplier<StreamHandler> stun;
  private final HttpPipeline http;
  private final long idleNanos;
  private @Nullable ScheduledFuture<?> idle;

  /**
   * Of a connection that has brought nothing yet.
   *
   * @param idleNanos how long it may take after the TLS handshake to show what it speaks
   */
  FirstBytes(LoopState loop, Supplier<StreamHandler> stun, HttpPipeline http, long idleNanos) {
    this.loop = loop;
    this.stun = stun;
    this.http = http;
    this.idleNanos = idleNanos;
  }

  /** The handshake before has a limit of its own. */
  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof SslHandshakeCompletionEvent done && done.isSuccess()) {
      idle =
          ctx.executor()
              .schedule(
                  () -> {
                    loop.counts.add(ServerCount.CONNECTIONS_IDLE);
                    ctx.close();
                  },
                  idleNanos,
                  TimeUnit.NANOSECONDS);
    }
  }

  @Override
  protected void handlerRemoved0(ChannelHandlerContext ctx) {
    if (idle != null) {
      idle.cancel(false);
    }
  }

  @Override
  protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
    switch (kind(in)) {
      case UNDECIDED -> {
        return;
      }
      case HTTP -> {
        loop.counts.add(ServerCount.CONNECTIONS_HTTP);
        http.install(ctx.pipeline());
      }
      case STUN -> ctx.pipeline().addLast(stun.get());
    }
    // What was read goes on to the next handler.
    ctx.pipeline().remove(this);
  }

  private static Kind kind(ByteBuf in) {
    for (String method : METHODS) {
      int length = Math.min(method.length(), in.readableBytes());
      int same = 0;
      while (same < length && in.getByte(in.readerIndex() + same) == method.charAt(same)) {
        same++;
      }
      if (same == length) {
        return length == method.length() ? Kind.HTTP : Kind.UNDECIDED;
      }
    }
    return Kind.STUN;
  }

  /** A connection that the client reset or whose TLS went wrong. */
  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    loop.counts.add(ServerCount.CONNECTIONS_BROKEN);
    ctx.close();
  }
}
