package dev.culvert.transport;

import dev.culvert.sansio.CloseCause;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameEncoder;
import io.netty.handler.codec.http.websocketx.WebSocketClientHandshaker13;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.handler.codec.http.websocketx.WebSocketFrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocketFrameEncoder;
import io.netty.handler.codec.http.websocketx.WebSocketHandshakeException;
import io.netty.handler.codec.http.websocketx.WebSocketVersion;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.ScheduledFuture;
import java.net.URI;
import java.security.SecureRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A client's part of the handshake (RFC 6455 §4.1), once TCP and TLS stand. */
final class WebSocketHandshake extends ChannelInboundHandlerAdapter {
  private static final long TIMEOUT_SECONDS = 10;
  private static final int LINE = 4096;
  private static final int FIELDS = 16 << 10;
  private static final int MESSAGE = 16 << 10;

  /** Masks are not to be foreseen by whoever chooses what is sent (RFC 6455 §10.3). */
  private static final SecureRandom MASKS = new SecureRandom();

  private static final WebSocketDecoderConfig CONFIG =
      WebSocketDecoderConfig.newBuilder()
          .maxFramePayloadLength(MESSAGE)
          .expectMaskedFrames(false)
          .allowMaskMismatch(false)
          .allowExtensions(false)
          .closeOnProtocolViolation(false)
          .build();

  private final WebSocketConnection connection;
  private final boolean secure;
  private final Handshaker handshaker;
  private @Nullable HttpResponse response;
  private @Nullable Fault fault;
  private @Nullable ScheduledFuture<?> timer;
  private boolean over;

  WebSocketHandshake(WebSocketConnection connection, URI uri, String subprotocol, boolean secure) {
    this.connection = connection;
    this.secure = secure;
    this.handshaker = new Handshaker(uri, subprotocol);
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    if (!secure) {
      begin(ctx);
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof SslHandshakeCompletionEvent tls) {
      if (tls.isSuccess()) {
        begin(ctx);
      } else {
        fail(Fault.ofHandshake(tls.cause()));
      }
    }
  }

  private void begin(ChannelHandlerContext ctx) {
    ctx.pipeline().addBefore(ctx.name(), null, new HttpClientCodec(LINE, FIELDS, FIELDS));
    timer =
        ctx.executor()
            .schedule(
                () ->
                    fail(
                        new Fault(
                            CloseCause.TIMED_OUT, "the server did not answer to HTTP in time")),
                TIMEOUT_SECONDS,
                TimeUnit.SECONDS);
    Outcome.ignored(handshaker.handshake(ctx.channel()));
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object piece) {
    try {
      if (over) {
        return;
      }
      if (piece instanceof HttpResponse head) {
        answered(head);
      }
      HttpResponse head = response;
      if (head != null && piece instanceof LastHttpContent) {
        finish(ctx, head);
      }
    } finally {
      ReferenceCountUtil.release(piece);
    }
  }

  private void answered(HttpResponse head) {
    if (head.decoderResult().isFailure()) {
      fail(new Fault(CloseCause.HANDSHAKE_FAILED, "the server does not speak HTTP"));
    } else if (!head.status().equals(HttpResponseStatus.SWITCHING_PROTOCOLS)) {
      fail(WebSocketFaults.refused(head.status()));
    } else if (head.headers().contains(HttpHeaderNames.SEC_WEBSOCKET_EXTENSIONS)) {
      fail(
          new Fault(
              CloseCause.HANDSHAKE_FAILED, "the server wants an extension that was not offered"));
    } else {
      response = head;
    }
  }

  private void finish(ChannelHandlerContext ctx, HttpResponse head) {
    try {
      handshaker.finishHandshake(
          ctx.channel(),
          new DefaultFullHttpResponse(
              head.protocolVersion(),
              head.status(),
              Unpooled.EMPTY_BUFFER,
              head.headers(),
              EmptyHttpHeaders.INSTANCE));
    } catch (WebSocketHandshakeException e) {
      fail(
          new Fault(
              CloseCause.HANDSHAKE_FAILED, "the server takes no WebSocket: " + e.getMessage()));
      return;
    }
    over = true;
    stopTimer();
    ctx.pipeline().replace(this, null, new WebSocketMessages(connection, false, MESSAGE));
  }

  private void fail(Fault why) {
    if (!over) {
      over = true;
      stopTimer();
      connection.fail(why);
    }
  }

  private void stopTimer() {
    if (timer != null) {
      timer.cancel(false);
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable failure) {
    if (fault == null) {
      fault = Fault.ofHandshake(failure);
    }
    Outcome.ignored(ctx.close());
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    fail(
        fault != null
            ? fault
            : new Fault(
                CloseCause.HANDSHAKE_FAILED, "the other side hung up during the handshake"));
  }

  /** Strict about frames, and with masks that nobody can guess. */
  private static final class Handshaker extends WebSocketClientHandshaker13 {
    Handshaker(URI uri, String subprotocol) {
      super(
          uri,
          WebSocketVersion.V13,
          subprotocol,
          false,
          EmptyHttpHeaders.INSTANCE,
          MESSAGE,
          true,
          false);
    }

    @Override
    protected WebSocketFrameDecoder newWebsocketDecoder() {
      return new WebSocket13FrameDecoder(CONFIG);
    }

    @Override
    protected WebSocketFrameEncoder newWebSocketEncoder() {
      return new WebSocket13FrameEncoder(MASKS::nextInt);
    }
  }
}
