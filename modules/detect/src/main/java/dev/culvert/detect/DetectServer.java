package dev.culvert.detect;

import dev.culvert.sansio.IpLiterals;
import dev.culvert.sansio.ServerIdentity;

/**
 * A STUN server to measure with.
 *
 * @param host a DNS name or an IP literal
 * @param port its port for UDP and TCP, 1 to 65535, or {@link #DEFAULT_PORT} where SRV records (RFC
 *     8489 §8.1), or else 3478, decide
 * @param tlsPort its port for TLS, 1 to 65535, for a second opinion where UDP is silent
 * @param identity who it must prove to be over TLS
 */
public record DetectServer(String host, int port, int tlsPort, ServerIdentity identity) {
  /** Leaves the port to SRV records and the registered default. */
  public static final int DEFAULT_PORT = 0;

  /** Refuses ports out of range. */
  public DetectServer {
    if (port < 0 || port > 0xffff || tlsPort < 1 || tlsPort > 0xffff) {
      throw new IllegalArgumentException("a port is not in 1..65535");
    }
  }

  /** A server that proves by a certificate for {@code host} who it is, on TLS port 5349. */
  public static DetectServer of(String host, int port) {
    return new DetectServer(host, port, 5349, new ServerIdentity.HostName(host));
  }

  /** Host and port, an IPv6 literal in brackets. */
  public String name() {
    String shown = IpLiterals.parse(host).map(ip -> IpLiterals.format(ip, true)).orElse(host);
    return port == DEFAULT_PORT ? shown : shown + ":" + port;
  }
}
