package dev.culvert.rendezvous;

import dev.culvert.sansio.IpLiterals;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Optional;

/**
 * Where a node is reached: a WebSocket over TLS (RFC 6455 §3), or without TLS on loopback alone.
 *
 * @param secure whether over TLS
 * @param host a name or an IP literal in small letters, an IPv6 one without brackets in its one
 *     form (RFC 5952)
 * @param port 1 to 65535
 * @param path at least {@code /}
 */
public record NodeUrl(boolean secure, String host, int port, String path) {
  private static final int TLS_PORT = 443;

  /** Reads {@code wss://host[:port][/path]}; empty for anything else. */
  public static Optional<NodeUrl> parse(String text) {
    URI uri;
    try {
      uri = new URI(text);
    } catch (URISyntaxException e) {
      return Optional.empty();
    }
    if (uri.getHost() == null) {
      return Optional.empty();
    }
    // Peers and nodes compare URLs letter by letter, and people write names as they like.
    String host = canonical(uri.getHost().toLowerCase(Locale.ROOT));
    boolean secure = "wss".equalsIgnoreCase(uri.getScheme());
    if (uri.getRawUserInfo() != null
        || uri.getRawQuery() != null
        || uri.getRawFragment() != null
        || !(secure || ("ws".equalsIgnoreCase(uri.getScheme()) && isLoopback(host)))) {
      return Optional.empty();
    }
    int port = uri.getPort() < 0 ? TLS_PORT : uri.getPort();
    if (port < 1 || port > 65535 || (!secure && uri.getPort() < 0)) {
      return Optional.empty();
    }
    String path = uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
    return Optional.of(new NodeUrl(secure, host, port, path));
  }

  /** Without brackets; an IPv6 address has many forms, and is compared by its text all the same. */
  private static String canonical(String host) {
    if (!host.startsWith("[")) {
      return host;
    }
    String bare = host.substring(1, host.length() - 1);
    return IpLiterals.parse(bare).map(ip -> IpLiterals.format(ip, false)).orElse(bare);
  }

  private static boolean isLoopback(String host) {
    return host.equals("localhost")
        || IpLiterals.parse(host).filter(InetAddress::isLoopbackAddress).isPresent();
  }

  /** As {@link #parse} reads it. */
  @Override
  public String toString() {
    String shown = host.contains(":") ? "[" + host + "]" : host;
    String scheme = secure ? "wss://" : "ws://";
    return scheme + shown + (secure && port == TLS_PORT ? "" : ":" + port) + path;
  }
}
