package dev.culvert.transport.http.wire;

import dev.culvert.transport.http.HttpReply;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Makes messages of answers. */
final class Replies {
  /** Nothing may be loaded, framed or sent on: what we serve is complete in itself. */
  private static final String POLICY =
      "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

  /** RFC 9110 §5.6.7. */
  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.US)
          .withZone(ZoneOffset.UTC);

  private Replies() {}

  /** What goes over the wire. */
  static FullHttpResponse message(HttpReply reply, boolean head, boolean last) {
    byte[] body = reply.body().toByteArray();
    ByteBuf content = head ? Unpooled.EMPTY_BUFFER : Unpooled.wrappedBuffer(body);
    FullHttpResponse message =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(reply.status()), content);
    HttpHeaders fields = message.headers();
    fields.set(HttpHeaderNames.DATE, DATE.format(Instant.now()));
    fields.set(HttpHeaderNames.CONTENT_TYPE, reply.contentType());
    fields.set(HttpHeaderNames.CONTENT_LENGTH, body.length);
    fields.set(HttpHeaderNames.CACHE_CONTROL, "no-store");
    fields.set("X-Content-Type-Options", "nosniff");
    fields.set("Content-Security-Policy", POLICY);
    fields.set("Referrer-Policy", "no-referrer");
    fields.set("Cross-Origin-Resource-Policy", "same-origin");
    reply.fields().forEach(fields::set);
    if (last) {
      fields.add(HttpHeaderNames.CONNECTION, "close");
    }
    return message;
  }
}
