package dev.culvert.transport.server;

import dev.culvert.transport.http.HttpHosts;
import dev.culvert.transport.http.HttpLimits;
import dev.culvert.transport.http.HttpService;
import dev.culvert.transport.http.WebSocketService;
import dev.culvert.transport.http.WebSocketTerms;
import dev.culvert.transport.http.wire.HttpPipeline;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import java.time.Duration;
import java.util.Optional;

/** What becomes of those who speak HTTP to a {@link StunServer}. */
final class HttpSite {
  /** A page is fetched and done with; a relay's clients need the place. */
  private static final Duration LONGEST_IDLE = Duration.ofSeconds(10);

  private HttpSite() {}

  /** Empty: nobody answers them. */
  static Optional<HttpPipeline> of(StunServerConfig config) {
    if (config.http().isEmpty() && config.webSockets().isEmpty()) {
      return Optional.empty();
    }
    HttpService service = config.http().orElse(HttpPipeline.NOTHING);
    Optional<WebSocketService> webSockets = config.webSockets().map(Elsewhere::new);
    return Optional.of(
        new HttpPipeline(service, limits(config.connectionLimits()), HttpHosts.ANY, webSockets));
  }

  private static HttpLimits limits(ConnectionLimits limits) {
    HttpLimits standard = HttpLimits.STANDARD;
    Duration request = shorter(limits.idle(), limits.handshake());
    Duration idle = shorter(limits.idle(), LONGEST_IDLE);
    return new HttpLimits(standard.header(), standard.body(), request, idle, limits.total());
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  /** Those that are admitted are counted there, and leave their place to others. */
  private record Elsewhere(WebSocketService service) implements WebSocketService {
    @Override
    public WebSocketTerms terms() {
      return service.terms();
    }

    @Override
    public Optional<ChannelHandler> admit(Channel channel) {
      Optional<ChannelHandler> admitted = service.admit(channel);
      admitted.ifPresent(handler -> Place.leave(channel));
      return admitted;
    }
  }
}
