package dev.culvert.transport.http.wire;

import dev.culvert.sansio.TransportAddress;
import dev.culvert.transport.http.HttpHosts;
import dev.culvert.transport.http.HttpLimits;
import dev.culvert.transport.http.HttpReply;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Puts the pieces of one connection together to requests, and refuses what are none. */
final class RequestReader {
  private static final Set<HttpMethod> METHODS =
      Set.of(
          HttpMethod.GET,
          HttpMethod.HEAD,
          HttpMethod.POST,
          HttpMethod.PUT,
          HttpMethod.PATCH,
          HttpMethod.DELETE,
          HttpMethod.OPTIONS,
          HttpMethod.TRACE,
          HttpMethod.CONNECT);

  private final HttpLimits limits;
  private final HttpHosts hosts;
  private final TransportAddress remote;
  private @Nullable Asked unfinished;
  private long body;

  RequestReader(HttpLimits limits, HttpHosts hosts, TransportAddress remote) {
    this.limits = limits;
    this.hosts = hosts;
    this.remote = remote;
  }

  /** What the piece completes; null: nothing yet. After a refusal no more pieces are taken. */
  @Nullable Asked take(HttpObject piece) {
    if (piece.decoderResult().isFailure()) {
      return Asked.refused(reasonOf(piece.decoderResult().cause()));
    }
    if (piece instanceof HttpRequest head) {
      body = 0;
      unfinished = begin(head);
      if (unfinished.request() == null) {
        return unfinished;
      }
    }
    if (piece instanceof HttpContent content) {
      body += content.content().readableBytes();
      if (body > limits.body()) {
        return Asked.refused(tooLarge());
      }
    }
    if (piece instanceof LastHttpContent) {
      Asked complete = unfinished;
      unfinished = null;
      return complete;
    }
    return null;
  }

  private static HttpReply reasonOf(Throwable cause) {
    if (cause instanceof TooLongHttpLineException) {
      return HttpReply.text(414, "the request's target is too long");
    }
    if (cause instanceof TooLongHttpHeaderException) {
      return HttpReply.text(431, "the request's header is too long");
    }
    return malformed("this is no HTTP request");
  }

  private static HttpReply malformed(String why) {
    return HttpReply.text(400, why);
  }

  private HttpReply tooLarge() {
    return HttpReply.text(413, "the request's body is longer than " + limits.body() + " bytes");
  }

  private Asked begin(HttpRequest head) {
    HttpHeaders fields = head.headers();
    HttpVersion version = head.protocolVersion();
    if (!version.protocolName().equals("HTTP") || version.majorVersion() != 1) {
      return Asked.refused(HttpReply.text(505, "this speaks HTTP/1.1"));
    }
    if (!METHODS.contains(head.method())) {
      return Asked.refused(HttpReply.text(501, "this knows no such method"));
    }
    boolean chunked = fields.contains(HttpHeaderNames.TRANSFER_ENCODING);
    if (chunked && fields.contains(HttpHeaderNames.CONTENT_LENGTH)) {
      return Asked.refused(malformed("a body has a length or comes in chunks, not both"));
    }
    if (fields.contains(HttpHeaderNames.EXPECT)) {
      return Asked.refused(HttpReply.text(417, "this expects nothing of a body"));
    }
    if (HttpUtil.getContentLength(head, 0L) > limits.body()) {
      return Asked.refused(tooLarge());
    }
    Optional<Target> target = Target.parse(head.uri());
    if (target.isEmpty()) {
      return Asked.refused(malformed("the request's target is malformed"));
    }
    List<String> named = fields.getAll(HttpHeaderNames.HOST);
    boolean needed = version.minorVersion() > 0;
    Optional<String> host = named.isEmpty() ? Optional.of("") : HostField.host(named.get(0));
    if (named.size() > 1 || (needed && named.isEmpty()) || host.isEmpty()) {
      return Asked.refused(malformed("a request names one host"));
    }
    if (!hosts.accepts(host.get())) {
      return Asked.refused(
          HttpReply.text(421, "this is not asked by that name; ask by its address"));
    }
    dev.culvert.transport.http.HttpRequest request =
        new dev.culvert.transport.http.HttpRequest(
            head.method().name(), target.get().path(), target.get().query(), all(fields), remote);
    boolean last = !HttpUtil.isKeepAlive(head);
    return new Asked(request, null, head.method().equals(HttpMethod.HEAD), last);
  }

  private static Map<String, String> all(HttpHeaders fields) {
    Map<String, String> all = new HashMap<>();
    fields.forEach(
        field ->
            all.merge(
                field.getKey().toLowerCase(Locale.ROOT),
                field.getValue(),
                (first, next) -> first + ", " + next));
    return all;
  }
}
