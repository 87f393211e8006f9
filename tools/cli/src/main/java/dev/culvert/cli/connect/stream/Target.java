package dev.culvert.cli.connect.stream;

import dev.culvert.sansio.IpLiterals;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A port that something is forwarded to.
 *
 * @param udp whether it takes datagrams
 * @param host a name, or an address without brackets, in small letters
 * @param port from 1 to 65535
 */
public record Target(boolean udp, String host, int port) {
  private static final Pattern FORM =
      Pattern.compile("(?:\\[([0-9A-Fa-f:.%]+)\\]|([A-Za-z0-9._-]{1,253})):([0-9]{1,5})");
  private static final int MOST_PORT = 65_535;

  /** Writes the host in small letters, and refuses ports that are none. */
  public Target {
    host = host.toLowerCase(Locale.ROOT);
    if (port < 1 || port > MOST_PORT) {
      throw new IllegalArgumentException("port " + port + " is out of range; give 1 to 65535");
    }
  }

  /**
   * Reads {@code HOST:PORT} or {@code [IPV6]:PORT}.
   *
   * @throws IllegalArgumentException with one line that names the fault
   */
  public static Target parse(boolean udp, String text) {
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("'" + text + "' is no HOST:PORT");
    }
    String host = matcher.group(1) == null ? matcher.group(2) : matcher.group(1);
    return new Target(udp, host, Integer.parseInt(matcher.group(3)));
  }

  /** As {@link #parse} reads it. */
  public String text() {
    return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
  }

  /** Where that is now. */
  InetSocketAddress address() throws UnknownHostException {
    InetAddress literal = IpLiterals.parse(host).orElse(null);
    return new InetSocketAddress(literal == null ? InetAddress.getByName(host) : literal, port);
  }

  @Override
  public String toString() {
    return (udp ? "udp:" : "") + text();
  }
}
