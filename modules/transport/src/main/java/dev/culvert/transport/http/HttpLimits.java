package dev.culvert.transport.http;

import java.time.Duration;

/**
 * What one who asks over HTTP may use up.
 *
 * @param header bytes of a request's line, and again of its fields; at least 64
 * @param body bytes that a request may bring, 0 or more; they are read and forgotten
 * @param request a request that is not complete so long after its first byte gets 408, and one that
 *     is not answered after the same time 503
 * @param idle a connection on which nothing was asked, or no answer taken, for this long is closed
 * @param connections at once, at least 1; further ones are closed as they come
 */
public record HttpLimits(int header, int body, Duration request, Duration idle, int connections) {
  /** Plenty for browsers, monitoring and scripts. */
  public static final HttpLimits STANDARD =
      new HttpLimits(8192, 4096, Duration.ofSeconds(10), Duration.ofSeconds(30), 64);

  /** Refuses values out of range. */
  public HttpLimits {
    if (header < 64 || body < 0 || connections < 1) {
      throw new IllegalArgumentException("an HTTP service takes some bytes of somebody");
    }
    if (request.toMillis() < 1 || idle.toMillis() < 1) {
      throw new IllegalArgumentException("a request takes at least a millisecond");
    }
  }
}
