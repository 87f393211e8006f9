package dev.culvert.transport.server;

import dev.culvert.sansio.Transport;
import java.util.List;
import java.util.Optional;

/**
 * What a {@link StunServer} does.
 *
 * @param listeners where it answers; at least one
 * @param tls needed if a listener speaks TLS
 * @param rateLimit what it sends at most to networks that datagrams claim to come from
 * @param connectionLimits how many connections it keeps
 * @param threads event loops; at least 1
 * @param nioOnly whether to leave out the native transport where there is one
 */
public record StunServerConfig(
    List<StunListener> listeners,
    Optional<TlsIdentity> tls,
    RateLimit rateLimit,
    ConnectionLimits connectionLimits,
    int threads,
    boolean nioOnly) {

  /** Refuses what cannot be started. */
  public StunServerConfig {
    listeners = List.copyOf(listeners);
    if (listeners.isEmpty()) {
      throw new IllegalArgumentException("a server listens somewhere");
    }
    if (threads < 1) {
      throw new IllegalArgumentException("a server has at least one thread, not " + threads);
    }
    if (tls.isEmpty() && listeners.stream().anyMatch(l -> l.transports().contains(Transport.TLS))) {
      throw new IllegalArgumentException("a TLS listener needs a certificate and its key");
    }
  }

  /** These listeners with the standard limits and as many threads as there are processors. */
  public static StunServerConfig of(List<StunListener> listeners, Optional<TlsIdentity> tls) {
    return new StunServerConfig(
        listeners,
        tls,
        RateLimit.STANDARD,
        ConnectionLimits.STANDARD,
        Runtime.getRuntime().availableProcessors(),
        false);
  }

  /** The same without TLS. */
  public static StunServerConfig of(List<StunListener> listeners) {
    return of(listeners, Optional.empty());
  }

  /** The same with other limits. */
  public StunServerConfig withLimits(RateLimit rate, ConnectionLimits connections) {
    return new StunServerConfig(listeners, tls, rate, connections, threads, nioOnly);
  }

  /** The same with another number of event loops. */
  public StunServerConfig withThreads(int count) {
    return new StunServerConfig(listeners, tls, rateLimit, connectionLimits, count, nioOnly);
  }

  /** The same on the JDK's own channels. */
  public StunServerConfig withNioOnly() {
    return new StunServerConfig(listeners, tls, rateLimit, connectionLimits, threads, true);
  }
}
