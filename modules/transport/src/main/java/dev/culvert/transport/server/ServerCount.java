package dev.culvert.transport.server;

import java.util.Locale;

/** What a server counts. Each datagram or message that came in ends in exactly one of them. */
public enum ServerCount {
  /** Requests over UDP that were answered, errors included. */
  UDP_ANSWERED,
  /** Requests over TCP, TLS and DTLS that were answered, errors included. */
  STREAM_ANSWERED,
  /** What was handed to the relay, which has counts of its own. */
  RELAY,
  /** What came was no STUN request, was malformed, or was cut off for its length; kept silent. */
  DROPPED_GARBAGE,
  /** The response did not fit the source's {@link RateLimit}. */
  DROPPED_RATE,
  /** The response would have been too many times larger than the request. */
  DROPPED_AMPLIFICATION,
  /** The system's send buffer was full, or it refused to send. */
  DROPPED_UNSENT,
  /** Sent to a group, a broadcast address or one that no socket could be opened on. */
  DROPPED_ADDRESS,
  /** TCP and TLS connections that were taken, and DTLS clients that showed their cookie. */
  CONNECTIONS,
  /** TLS connections that turned out to speak HTTP. */
  CONNECTIONS_HTTP,
  /** Connections refused because {@link ConnectionLimits} were reached, or a rate. */
  CONNECTIONS_REFUSED,
  /** Connections closed because they brought garbage or failed the TLS handshake. */
  CONNECTIONS_BROKEN,
  /** Connections closed because no complete request came in time. */
  CONNECTIONS_IDLE;

  /** {@code udp-answered} and so on. */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
