package dev.culvert.transport.server;

import dev.culvert.sansio.Transport;
import dev.culvert.transport.http.HttpService;
import dev.culvert.transport.http.WebSocketService;
import java.util.List;
import java.util.Optional;

/**
 * What a {@link StunServer} does.
 *
 * @param listeners where it answers; at least one
 * @param tls needed if a listener speaks TLS or DTLS
 * @param rateLimit what it sends at most to networks that datagrams claim to come from
 * @param connectionLimits how many connections it keeps
 * @param threads event loops; at least 1
 * @param nioOnly whether to leave out the native transport where there is one
 * @param relay makes it a relay as well; empty: only Binding requests are answered
 * @param http answers those who speak HTTP on a TLS listener; empty: they get 404, or where there
 *     are no WebSockets either their connections are closed
 * @param webSockets takes WebSockets on TLS listeners; they leave the places of {@code
 *     connectionLimits} to others and have limits of their own
 */
public record StunServerConfig(
    List<StunListener> listeners,
    Optional<TlsIdentity> tls,
    RateLimit rateLimit,
    ConnectionLimits connectionLimits,
    int threads,
    boolean nioOnly,
    Optional<RelayService> relay,
    Optional<HttpService> http,
    Optional<WebSocketService> webSockets) {

  /** Refuses what cannot be started. */
  public StunServerConfig {
    listeners = List.copyOf(listeners);
    if (listeners.isEmpty()) {
      throw new IllegalArgumentException("a server listens somewhere");
    }
    if (threads < 1) {
      throw new IllegalArgumentException("a server has at least one thread, not " + threads);
    }
    if (tls.isEmpty() && listeners.stream().anyMatch(StunServerConfig::isSecure)) {
      throw new IllegalArgumentException("a TLS or DTLS listener needs a certificate and its key");
    }
  }

  private static boolean isSecure(StunListener listener) {
    return listener.transports().stream().anyMatch(Transport::isSecure);
  }

  /** These listeners with the standard limits and as many threads as there are processors. */
  public static StunServerConfig of(List<StunListener> listeners, Optional<TlsIdentity> tls) {
    return new StunServerConfig(
        listeners,
        tls,
        RateLimit.STANDARD,
        ConnectionLimits.STANDARD,
        Runtime.getRuntime().availableProcessors(),
        false,
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  /** The same without TLS. */
  public static StunServerConfig of(List<StunListener> listeners) {
    return of(listeners, Optional.empty());
  }

  /** The same with other limits. */
  public StunServerConfig withLimits(RateLimit rate, ConnectionLimits connections) {
    return new StunServerConfig(
        listeners, tls, rate, connections, threads, nioOnly, relay, http, webSockets);
  }

  /** The same with another number of event loops. */
  public StunServerConfig withThreads(int count) {
    return new StunServerConfig(
        listeners, tls, rateLimit, connectionLimits, count, nioOnly, relay, http, webSockets);
  }

  /** The same on the JDK's own channels. */
  public StunServerConfig withNioOnly() {
    return new StunServerConfig(
        listeners, tls, rateLimit, connectionLimits, threads, true, relay, http, webSockets);
  }

  /** The same with a relay on all its listeners. */
  public StunServerConfig withRelay(RelayService service) {
    return new StunServerConfig(
        listeners,
        tls,
        rateLimit,
        connectionLimits,
        threads,
        nioOnly,
        Optional.of(service),
        http,
        webSockets);
  }

  /** The same, answering HTTP on its TLS listeners. */
  public StunServerConfig withHttp(HttpService service) {
    return new StunServerConfig(
        listeners,
        tls,
        rateLimit,
        connectionLimits,
        threads,
        nioOnly,
        relay,
        Optional.of(service),
        webSockets);
  }

  /**
   * The same, taking WebSockets on its TLS listeners.
   *
   * <p>For a machine that speaks over them, such as a rendezvous node:
   *
   * <pre>{@code
   * MachineDriver<NodeEvent> driver = runtime.drive(node, listener);
   * WebSocketTerms terms = WebSocketTerms.of(Set.of("/", "/rdv"), "rdv.v1.json");
   * StunServer.start(config.withWebSockets(driver.webSockets(terms)));
   * }</pre>
   *
   * <p>Close the driver, or have the machine close its connections, before the server: {@link
   * StunServer#drain} waits for WebSockets until its deadline.
   */
  public StunServerConfig withWebSockets(WebSocketService service) {
    return new StunServerConfig(
        listeners,
        tls,
        rateLimit,
        connectionLimits,
        threads,
        nioOnly,
        relay,
        http,
        Optional.of(service));
  }
}
