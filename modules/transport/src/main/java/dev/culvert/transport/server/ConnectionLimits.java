package dev.culvert.transport.server;

import java.time.Duration;

/**
 * How many TCP, TLS and DTLS connections a server keeps, and for how long.
 *
 * @param total connections at once over all listeners; at least 1
 * @param perPrefix connections at once from one prefix as {@link RateLimit} cuts it; at least 1;
 *     loopback counts toward {@code total} only
 * @param idle a connection that brought no complete request for this long is closed
 * @param handshake a TLS or DTLS handshake that takes longer is given up
 */
public record ConnectionLimits(int total, int perPrefix, Duration idle, Duration handshake) {
  /** What a small public node stands. */
  public static final ConnectionLimits STANDARD =
      new ConnectionLimits(4096, 256, Duration.ofSeconds(30), Duration.ofSeconds(10));

  /** Refuses values out of range. */
  public ConnectionLimits {
    if (total < 1 || perPrefix < 1) {
      throw new IllegalArgumentException("a server keeps at least one connection");
    }
    if (idle.toMillis() < 1 || handshake.toMillis() < 1) {
      throw new IllegalArgumentException("a connection lives at least a millisecond");
    }
  }
}
