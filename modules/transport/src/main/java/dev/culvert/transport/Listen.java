package dev.culvert.transport;

import dev.culvert.sansio.Transport;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.transport.http.WebSocketTerms;
import java.time.Duration;
import java.util.Optional;

/**
 * Where a {@link MachineDriver} shall accept connections. Its machine is told of each by {@link
 * dev.culvert.sansio.Input.Opened} with a negative id.
 *
 * @param transport TCP, TLS, DTLS or WebSocket
 * @param local the address; a wildcard for any, port 0 for a fresh one
 * @param certificate needed for TLS and DTLS, and for WebSocket unless it is on loopback; forbidden
 *     otherwise
 * @param webSocket which WebSockets are taken; for that transport alone
 * @param maxConnections how many may stand at once, handshakes included; further ones are closed at
 *     once
 * @param idleTimeout how long a connection may be silent both ways
 */
public record Listen(
    Transport transport,
    TransportAddress local,
    Optional<ServerCertificate> certificate,
    Optional<WebSocketTerms> webSocket,
    int maxConnections,
    Duration idleTimeout) {
  private static final int CONNECTIONS = 4096;
  private static final Duration IDLE = Duration.ofMinutes(2);

  /** Refuses UDP, a certificate too many or too few, and limits that are not positive. */
  public Listen {
    if (transport == Transport.UDP) {
      throw new IllegalArgumentException("a machine binds UDP sockets itself (Output.Bind)");
    }
    if (webSocket.isPresent() != (transport == Transport.WEBSOCKET)) {
      throw new IllegalArgumentException("terms for WebSockets belong to WebSockets");
    }
    boolean mayBeClear = transport == Transport.WEBSOCKET && local.ip().isLoopbackAddress();
    if (transport.isSecure() != certificate.isPresent() && !mayBeClear) {
      throw new IllegalArgumentException(
          transport + (certificate.isPresent() ? " takes no certificate" : " needs a certificate"));
    }
    if (maxConnections < 1 || idleTimeout.isZero() || idleTimeout.isNegative()) {
      throw new IllegalArgumentException("limits must be positive");
    }
  }

  /** TCP, at most 4096 connections, each silent for two minutes at most. */
  public static Listen tcp(TransportAddress local) {
    return new Listen(Transport.TCP, local, Optional.empty(), Optional.empty(), CONNECTIONS, IDLE);
  }

  /** TLS with the same limits. */
  public static Listen tls(TransportAddress local, ServerCertificate certificate) {
    return new Listen(
        Transport.TLS, local, Optional.of(certificate), Optional.empty(), CONNECTIONS, IDLE);
  }

  /** DTLS with the same limits. */
  public static Listen dtls(TransportAddress local, ServerCertificate certificate) {
    return new Listen(
        Transport.DTLS, local, Optional.of(certificate), Optional.empty(), CONNECTIONS, IDLE);
  }

  /** WebSockets over TLS on these terms, each silent for two minutes at most. */
  public static Listen webSocket(
      TransportAddress local, ServerCertificate certificate, WebSocketTerms terms) {
    return new Listen(
        Transport.WEBSOCKET,
        local,
        Optional.of(certificate),
        Optional.of(terms),
        terms.connections(),
        IDLE);
  }

  /** The same without TLS, on a loopback address. */
  public static Listen webSocketInClear(TransportAddress local, WebSocketTerms terms) {
    return new Listen(
        Transport.WEBSOCKET,
        local,
        Optional.empty(),
        Optional.of(terms),
        terms.connections(),
        IDLE);
  }

  /** The same with another bound on connections. */
  public Listen withMaxConnections(int newMaxConnections) {
    return new Listen(transport, local, certificate, webSocket, newMaxConnections, idleTimeout);
  }

  /** The same with another bound on silence. */
  public Listen withIdleTimeout(Duration newIdleTimeout) {
    return new Listen(transport, local, certificate, webSocket, maxConnections, newIdleTimeout);
  }
}
