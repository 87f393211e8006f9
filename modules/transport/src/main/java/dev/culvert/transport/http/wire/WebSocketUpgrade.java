package dev.culvert.transport.http.wire;

import dev.culvert.transport.http.HttpReply;
import dev.culvert.transport.http.WebSocketService;
import dev.culvert.transport.http.WebSocketTerms;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.handler.codec.http.websocketx.WebSocketFrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocketFrameEncoder;
import io.netty.handler.codec.http.websocketx.WebSocketServerHandshaker13;
import io.netty.util.ReferenceCountUtil;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Makes a WebSocket of a connection whose client asks for one (RFC 6455 §4.2) where they are taken;
 * all other requests go on. A request that is refused is the connection's last.
 */
@SuppressWarnings("FutureReturnValueIgnored") // What fails closes the channel.
final class WebSocketUpgrade extends ChannelInboundHandlerAdapter {
  private static final String VERSION = "13";
  private static final int KEY_LENGTH = 16;

  private final WebSocketService service;
  private final Exchanges exchanges;
  private final FirstByte firstByte;
  private @Nullable HttpRequest asked;

  WebSocketUpgrade(WebSocketService service, Exchanges exchanges, FirstByte firstByte) {
    this.service = service;
    this.exchanges = exchanges;
    this.firstByte = firstByte;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object piece) {
    if (asked == null && piece instanceof HttpRequest request && isAskedFor(request)) {
      asked = request;
    }
    HttpRequest request = asked;
    if (request == null) {
      ctx.fireChannelRead(piece);
      return;
    }
    if (piece instanceof LastHttpContent) {
      asked = null;
      Optional<HttpReply> fault = fault(request);
      if (fault.isPresent()) {
        exchanges.refuse(fault.get());
      } else {
        take(ctx, request);
      }
    }
    ReferenceCountUtil.release(piece);
  }

  private boolean isAskedFor(HttpRequest request) {
    return !request.decoderResult().isFailure()
        && !exchanges.isBusy()
        && lists(request.headers(), HttpHeaderNames.UPGRADE, "websocket")
        && Target.parse(request.uri())
            .filter(target -> service.terms().paths().contains(target.path()))
            .isPresent();
  }

  private Optional<HttpReply> fault(HttpRequest request) {
    WebSocketTerms terms = service.terms();
    HttpHeaders fields = request.headers();
    if (!request.method().equals(HttpMethod.GET)
        || !request.protocolVersion().equals(HttpVersion.HTTP_1_1)
        || !lists(fields, HttpHeaderNames.CONNECTION, "upgrade")) {
      return malformed("a WebSocket is asked for by GET of HTTP/1.1 with Connection: Upgrade");
    }
    if (HttpUtil.getContentLength(request, 0L) > 0
        || fields.contains(HttpHeaderNames.TRANSFER_ENCODING)) {
      return malformed("who asks for a WebSocket sends no body");
    }
    List<String> hosts = fields.getAll(HttpHeaderNames.HOST);
    if (hosts.size() != 1 || HostField.host(hosts.get(0)).isEmpty()) {
      return malformed("a request names one host");
    }
    if (!List.of(VERSION).equals(fields.getAll(HttpHeaderNames.SEC_WEBSOCKET_VERSION))) {
      return Optional.of(WebSocketHints.needed(terms));
    }
    List<String> keys = fields.getAll(HttpHeaderNames.SEC_WEBSOCKET_KEY);
    if (keys.size() != 1 || !isKey(keys.get(0))) {
      return malformed("Sec-WebSocket-Key is 16 bytes in base64");
    }
    return words(fields, HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL)
            .anyMatch(terms.subprotocol()::equals)
        ? Optional.empty()
        : malformed("this WebSocket speaks " + terms.subprotocol() + " only");
  }

  private static Optional<HttpReply> malformed(String why) {
    return Optional.of(HttpReply.text(400, why));
  }

  private static boolean isKey(String text) {
    try {
      return Base64.getDecoder().decode(text.trim()).length == KEY_LENGTH;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /** Whether a field that is a list has this word in it. */
  private static boolean lists(HttpHeaders fields, CharSequence name, String word) {
    return words(fields, name).anyMatch(word::equalsIgnoreCase);
  }

  private static Stream<String> words(HttpHeaders fields, CharSequence name) {
    return fields.getAll(name).stream()
        .flatMap(value -> Arrays.stream(value.split(",")))
        .map(String::trim);
  }

  private void take(ChannelHandlerContext ctx, HttpRequest request) {
    Optional<ChannelHandler> admitted = service.admit(ctx.channel());
    if (admitted.isEmpty()) {
      exchanges.refuse(HttpReply.text(503, "there is no room for another WebSocket"));
      return;
    }
    Answer answer = new Answer(service.terms());
    ChannelPipeline pipeline = ctx.pipeline();
    pipeline.writeAndFlush(answer.to(request));
    pipeline.remove(firstByte);
    pipeline.remove(exchanges);
    pipeline.replace(HttpResponseEncoder.class, null, answer.newWebSocketEncoder());
    // Behind the answer, since it may write at once, and before anything else is read.
    pipeline.addLast(admitted.get());
    pipeline.remove(this);
    pipeline.replace(HttpRequestDecoder.class, null, answer.newWebsocketDecoder());
  }

  /** That one is granted, and how its frames are read and written. */
  private static final class Answer extends WebSocketServerHandshaker13 {
    Answer(WebSocketTerms terms) {
      super(
          "",
          terms.subprotocol(),
          WebSocketDecoderConfig.newBuilder()
              .maxFramePayloadLength(terms.message())
              .expectMaskedFrames(true)
              .allowMaskMismatch(false)
              .allowExtensions(false)
              .closeOnProtocolViolation(false)
              .build());
    }

    HttpResponse to(HttpRequest request) {
      return newHandshakeResponse(
          new DefaultFullHttpRequest(
              request.protocolVersion(),
              request.method(),
              request.uri(),
              Unpooled.EMPTY_BUFFER,
              request.headers(),
              EmptyHttpHeaders.INSTANCE),
          EmptyHttpHeaders.INSTANCE);
    }

    @Override
    protected WebSocketFrameDecoder newWebsocketDecoder() {
      return super.newWebsocketDecoder();
    }

    @Override
    protected WebSocketFrameEncoder newWebSocketEncoder() {
      return super.newWebSocketEncoder();
    }
  }
}
