package dev.culvert.transport.http.wire;

import dev.culvert.transport.http.HttpHosts;
import dev.culvert.transport.http.HttpLimits;
import dev.culvert.transport.http.HttpReply;
import dev.culvert.transport.http.HttpService;
import dev.culvert.transport.http.WebSocketService;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpResponseEncoder;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Makes connections speak HTTP/1.1. Safe for every thread.
 *
 * @param service answers
 * @param limits what clients may use up; how many connections there are is for others to limit
 * @param hosts the names by which it may be asked
 * @param webSockets takes those who ask for a WebSocket; empty: they are answered as all others
 */
public record HttpPipeline(
    HttpService service,
    HttpLimits limits,
    HttpHosts hosts,
    Optional<WebSocketService> webSockets) {
  /** Has nothing to tell. */
  public static final HttpService NOTHING =
      request ->
          CompletableFuture.completedFuture(HttpReply.text(404, "there is no such thing here"));

  /** For plain answers. */
  public HttpPipeline(HttpService service, HttpLimits limits, HttpHosts hosts) {
    this(service, limits, hosts, Optional.empty());
  }

  /** For connections that are to become WebSockets and nothing else. */
  public static HttpPipeline onlyWebSockets(WebSocketService webSockets) {
    return new HttpPipeline(NOTHING, HttpLimits.STANDARD, HttpHosts.ANY, Optional.of(webSockets));
  }

  /**
   * Adds what is needed at the end of a pipeline, behind TLS where there is any; on the channel's
   * event loop. From then on the connection is closed by what was added. Bytes that were read
   * already may be fired at it.
   */
  public void install(ChannelPipeline pipeline) {
    HttpService answering =
        webSockets
            .<HttpService>map(its -> new WebSocketHints(service, its.terms()))
            .orElse(service);
    Exchanges exchanges = new Exchanges(answering, limits, hosts);
    HttpDecoderConfig config =
        new HttpDecoderConfig()
            .setMaxInitialLineLength(limits.header())
            .setMaxHeaderSize(limits.header())
            .setInitialBufferSize(Math.min(limits.header(), 256));
    FirstByte firstByte = new FirstByte(exchanges);
    pipeline.addLast(firstByte, new HttpRequestDecoder(config), new HttpResponseEncoder());
    webSockets.ifPresent(its -> pipeline.addLast(new WebSocketUpgrade(its, exchanges, firstByte)));
    pipeline.addLast(exchanges);
  }
}
