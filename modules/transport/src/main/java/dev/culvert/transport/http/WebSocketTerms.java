package dev.culvert.transport.http;

import java.util.Set;

/**
 * On what terms WebSockets are taken (RFC 6455). Pages of any origin may connect: who a client is
 * has to be proven inside.
 *
 * @param paths of the targets at which they are, each beginning with {@code /}; nowhere else
 * @param subprotocol that a client has to offer (§1.9)
 * @param message bytes of UTF-8 in a message that is received, at least 1; a longer one ends its
 *     connection with 1009
 * @param unsent bytes that wait for a client that does not read, at least 1; with more its
 *     connection is cut
 * @param connections at once, at least 1; further ones get 503
 */
public record WebSocketTerms(
    Set<String> paths, String subprotocol, int message, int unsent, int connections) {
  private static final int MESSAGE = 16 << 10;
  private static final int UNSENT = 256 << 10;
  private static final int CONNECTIONS = 20_000;

  /** Refuses values out of range. */
  public WebSocketTerms {
    paths = Set.copyOf(paths);
    if (paths.isEmpty() || !paths.stream().allMatch(path -> path.startsWith("/"))) {
      throw new IllegalArgumentException("WebSockets are taken at paths that begin with /");
    }
    if (subprotocol.isEmpty()) {
      throw new IllegalArgumentException("a subprotocol has a name");
    }
    if (message < 1 || unsent < 1 || connections < 1) {
      throw new IllegalArgumentException("a WebSocket service takes some bytes of somebody");
    }
  }

  /** Messages of at most 16 KiB, 256 KiB unsent, 20,000 connections. */
  public static WebSocketTerms of(Set<String> paths, String subprotocol) {
    return new WebSocketTerms(paths, subprotocol, MESSAGE, UNSENT, CONNECTIONS);
  }

  /** The same with another bound on connections. */
  public WebSocketTerms withConnections(int most) {
    return new WebSocketTerms(paths, subprotocol, message, unsent, most);
  }
}
