package dev.culvert.cli.server;

import dev.culvert.cli.Fault;
import dev.culvert.sansio.IpLiterals;
import dev.culvert.sansio.ServerIdentity;
import dev.culvert.sansio.Transport;
import java.net.InetAddress;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/**
 * A STUN server as people write it: {@code HOST}, {@code HOST:PORT}, an IPv6 literal bare or in
 * brackets, or a URI of RFC 7064.
 *
 * @param written what stood on the command line
 * @param host a DNS name or an IP literal without brackets
 * @param port 1 to 65535; empty where none was written
 * @param secure whether the scheme was {@code stuns}
 */
public record ServerArgument(String written, String host, OptionalInt port, boolean secure) {
  /** The registered port of STUN over UDP and TCP (RFC 8489 §18.6). */
  public static final int STUN_PORT = 3478;

  /** The registered port of STUN over TLS and DTLS. */
  public static final int STUNS_PORT = 5349;

  private static final Pattern NAME =
      Pattern.compile(
          "(?=.{1,253}\\.?$)[A-Za-z0-9_]([A-Za-z0-9_-]{0,62}[A-Za-z0-9_])?"
              + "(\\.[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?)*\\.?");

  /**
   * Reads what people wrote.
   *
   * @throws Fault if it is no server; the fault names what is wrong with it
   */
  public static ServerArgument parse(String written) {
    String text = written.strip();
    if (text.isEmpty()) {
      throw Fault.usage("a server's name is empty", "write HOST, HOST:PORT or stun:HOST:PORT");
    }
    if (IpLiterals.parse(text).isPresent()) {
      return new ServerArgument(written, text, OptionalInt.empty(), false);
    }
    boolean secure = false;
    String rest = text;
    String lower = text.toLowerCase(Locale.ROOT);
    if (lower.startsWith("stun:") || lower.startsWith("stuns:")) {
      secure = lower.startsWith("stuns:");
      rest = text.substring(text.indexOf(':') + 1);
    } else {
      refuseOtherSchemes(text);
    }
    return parseAuthority(written, rest, secure);
  }

  private static void refuseOtherSchemes(String text) {
    String lower = text.toLowerCase(Locale.ROOT);
    if (lower.startsWith("turn:") || lower.startsWith("turns:")) {
      throw Fault.usage(
          "'" + text + "' names a TURN server", "write stun:HOST:PORT if it answers STUN too");
    }
    if (text.contains("//")) {
      throw Fault.usage(
          "'" + text + "' is not a STUN URI", "write stun:HOST:PORT, without slashes");
    }
  }

  private static ServerArgument parseAuthority(String written, String text, boolean secure) {
    int query = text.indexOf('?');
    if (query >= 0) {
      throw Fault.usage(
          "'" + written + "' has a query, which STUN URIs have not (RFC 7064)",
          "leave out '" + text.substring(query) + "'; --transport chooses the transport");
    }
    if (IpLiterals.parse(text).filter(ip -> text.contains(":")).isPresent()) {
      return new ServerArgument(written, text, OptionalInt.empty(), secure);
    }
    String host = text;
    OptionalInt port = OptionalInt.empty();
    if (text.startsWith("[")) {
      int end = text.indexOf(']');
      String literal = end < 0 ? "" : text.substring(1, end);
      if (IpLiterals.parse(literal).filter(ip -> literal.contains(":")).isEmpty()) {
        throw Fault.usage(
            "'" + written + "' holds no IPv6 address in its brackets",
            "write [2001:db8::1]:3478, without a zone");
      }
      host = literal;
      String after = text.substring(end + 1);
      if (!after.isEmpty()) {
        port = port(written, after.startsWith(":") ? after.substring(1) : after);
      }
    } else if (text.indexOf(':') >= 0) {
      host = text.substring(0, text.lastIndexOf(':'));
      port = port(written, text.substring(text.lastIndexOf(':') + 1));
    }
    return new ServerArgument(
        written, checkedHost(written, host).toLowerCase(Locale.ROOT), port, secure);
  }

  private static String checkedHost(String written, String host) {
    boolean numeric = host.matches("[0-9.]+");
    boolean valid =
        IpLiterals.parse(host).isPresent() || (!numeric && NAME.matcher(host).matches());
    if (!valid) {
      String what = host.isEmpty() ? "names no host" : "is neither a host name nor an IP address";
      throw Fault.usage(
          "'" + written + "' " + what, "write HOST, HOST:PORT, [IPV6]:PORT or stun:HOST:PORT");
    }
    return host;
  }

  /**
   * Reads a port.
   *
   * @throws Fault unless it is 1 to 65535
   */
  static OptionalInt port(String written, String text) {
    int port = text.matches("[0-9]{1,5}") ? Integer.parseInt(text) : -1;
    if (port < 1 || port > 65535) {
      throw Fault.usage(
          "'" + written + "' names port '" + text + "', which is no port",
          "write one from 1 to 65535, or leave it out for " + STUN_PORT);
    }
    return OptionalInt.of(port);
  }

  /** The literal address, if the host is one. */
  public Optional<InetAddress> literal() {
    return IpLiterals.parse(host);
  }

  /**
   * The port for a transport: the written one where it fits; empty for what the DNS or the registry
   * says.
   */
  public OptionalInt portFor(Transport transport, boolean onlyTransport) {
    boolean fits = transport.isSecure() == secure || onlyTransport;
    return fits ? port : OptionalInt.empty();
  }

  /** Who the server must prove to be where nothing else is said: the host that was written. */
  public ServerIdentity identity() {
    return new ServerIdentity.HostName(host);
  }

  /** Host and port, an IPv6 literal in brackets. */
  public String name() {
    String shown = literal().map(ip -> IpLiterals.format(ip, true)).orElse(host);
    return shown + (port.isPresent() ? ":" + port.getAsInt() : "");
  }
}
