package dev.culvert.stun;

import dev.culvert.sansio.IpLiterals;
import dev.culvert.sansio.Transport;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where a STUN or TURN server is (RFC 7064, RFC 7065), for example {@code stun:stun.example.org} or
 * {@code turn:192.0.2.1:3478?transport=tcp}.
 *
 * @param scheme what kind of server, and whether over TLS or DTLS
 * @param host a DNS name in lower case, or an IP literal without brackets
 * @param port empty for what the DNS says, or the scheme's default
 * @param transport how to reach it; for {@code stun} and {@code stuns}, whose URIs cannot say,
 *     always UDP and TLS
 */
public record StunUri(Scheme scheme, String host, OptionalInt port, Transport transport) {
  private static final String LABEL = "[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?";
  private static final Pattern NAME = Pattern.compile(LABEL + "(\\." + LABEL + ")*\\.?");

  /** What a URI begins with. */
  public enum Scheme {
    /** STUN in the clear, port 3478. */
    STUN(false, false),
    /** STUN over TLS or DTLS, port 5349. */
    STUNS(false, true),
    /** TURN in the clear, port 3478. */
    TURN(true, false),
    /** TURN over TLS or DTLS, port 5349. */
    TURNS(true, true);

    private final boolean relay;
    private final boolean secure;

    Scheme(boolean relay, boolean secure) {
      this.relay = relay;
      this.secure = secure;
    }

    /** Whether the server is a TURN server. */
    public boolean isRelay() {
      return relay;
    }

    /** Whether the server proves who it is. */
    public boolean isSecure() {
      return secure;
    }

    /** The port where nobody names another. */
    public int defaultPort() {
      return secure ? 5349 : 3478;
    }

    /** As it stands in a URI and, after an underscore, in an SRV name. */
    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Refuses what no URI says. */
  public StunUri {
    if (transport.isSecure() != scheme.isSecure()) {
      throw new IllegalArgumentException(scheme.text() + ": does not go over " + transport);
    }
    if (port.isPresent() && (port.getAsInt() < 1 || port.getAsInt() > 0xffff)) {
      throw new IllegalArgumentException("a port is 1 to 65535, not " + port.getAsInt());
    }
  }

  /**
   * Reads a URI.
   *
   * @throws IllegalArgumentException if it is none; the message is one line for people, names the
   *     fault and the mend
   */
  public static StunUri parse(String text) {
    int colon = text.indexOf(':');
    Scheme scheme = colon < 0 ? null : schemeOf(text.substring(0, colon));
    if (scheme == null) {
      throw fault(text, "it begins with stun:, stuns:, turn: or turns:");
    }
    String rest = text.substring(colon + 1);
    if (rest.startsWith("//")) {
      throw fault(text, "write " + scheme.text() + ":HOST without //");
    }
    int question = rest.indexOf('?');
    String authority = question < 0 ? rest : rest.substring(0, question);
    Transport transport =
        transportOf(
            text,
            scheme,
            question < 0 ? Optional.empty() : Optional.of(rest.substring(question + 1)));
    int portColon = portColon(text, authority);
    String host = host(text, scheme, portColon < 0 ? authority : authority.substring(0, portColon));
    OptionalInt port =
        portColon < 0 ? OptionalInt.empty() : port(text, authority.substring(portColon + 1));
    return new StunUri(scheme, host, port, transport);
  }

  private static @Nullable Scheme schemeOf(String text) {
    for (Scheme scheme : Scheme.values()) {
      if (scheme.text().equalsIgnoreCase(text)) {
        return scheme;
      }
    }
    return null;
  }

  private static Transport transportOf(String text, Scheme scheme, Optional<String> query) {
    boolean stream = scheme == Scheme.STUNS || scheme == Scheme.TURNS;
    if (query.isPresent()) {
      if (!scheme.isRelay()) {
        throw fault(text, "only turn: and turns: take a ?transport=");
      }
      switch (query.get().toLowerCase(Locale.ROOT)) {
        case "transport=udp" -> stream = false;
        case "transport=tcp" -> stream = true;
        default -> throw fault(text, "after ? stands transport=udp or transport=tcp");
      }
    }
    if (scheme.isSecure()) {
      return stream ? Transport.TLS : Transport.DTLS;
    }
    return stream ? Transport.TCP : Transport.UDP;
  }

  private static int portColon(String text, String authority) {
    if (authority.startsWith("[")) {
      int end = authority.indexOf(']');
      if (end < 0) {
        throw fault(text, "the [ before an IPv6 address needs its ]");
      }
      if (end == authority.length() - 1) {
        return -1;
      }
      if (authority.charAt(end + 1) != ':') {
        throw fault(text, "after ] stands a colon and a port, or nothing");
      }
      return end + 1;
    }
    int colon = authority.indexOf(':');
    if (colon >= 0 && authority.indexOf(':', colon + 1) >= 0) {
      throw fault(text, "an IPv6 address stands in brackets, as in [2001:db8::1]:3478");
    }
    return colon;
  }

  private static String host(String text, Scheme scheme, String written) {
    boolean bracketed = written.startsWith("[");
    String host = bracketed ? written.substring(1, written.length() - 1) : written;
    boolean literal = IpLiterals.parse(host).isPresent();
    if (bracketed && !(literal && host.indexOf(':') >= 0)) {
      throw fault(text, "between the brackets stands no IPv6 address");
    }
    if (host.isEmpty()) {
      throw fault(text, "it names no host");
    }
    if (literal && scheme == Scheme.STUNS) {
      // RFC 8489 §8.1.
      throw fault(text, "a certificate is for a name: write stuns: with the server's host name");
    }
    String name = host.toLowerCase(Locale.ROOT);
    if (!literal && (name.length() > 254 || !NAME.matcher(name).matches() || isNumber(name))) {
      throw fault(text, "its host is no DNS name and no IP address");
    }
    return literal ? IpLiterals.parse(host).map(ip -> IpLiterals.format(ip, false)).get() : name;
  }

  /** Whether the last label is a number, as in a mistyped IPv4 address; no top-level domain is. */
  private static boolean isNumber(String name) {
    return name.matches("(.*\\.)?[0-9]+\\.?");
  }

  private static OptionalInt port(String text, String written) {
    if (!written.matches("[0-9]{1,5}")) {
      throw fault(text, "after the host's colon stands a port, 1 to 65535");
    }
    int port = Integer.parseInt(written);
    if (port < 1 || port > 0xffff) {
      throw fault(text, "a port is 1 to 65535");
    }
    return OptionalInt.of(port);
  }

  private static IllegalArgumentException fault(String text, String mend) {
    String shown = text.length() > 80 ? text.substring(0, 80) + "…" : text;
    return new IllegalArgumentException(
        "\"" + shown.replaceAll("\\p{Cntrl}", "?") + "\" is no STUN or TURN URI: " + mend);
  }

  /** Whether the host is an IP address, so that there is nothing to look up. */
  public boolean isLiteral() {
    return IpLiterals.parse(host).isPresent();
  }

  /** The same server over another transport; the URI of a STUN server does not show it. */
  public StunUri over(Transport newTransport) {
    return new StunUri(scheme, host, port, newTransport);
  }

  /** The URI, in its shortest form. */
  @Override
  public String toString() {
    String shownHost = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
    String shownPort = port.isPresent() ? ":" + port.getAsInt() : "";
    boolean plain = transport.isStream() == scheme.isSecure();
    String shownTransport =
        !scheme.isRelay() || plain ? "" : "?transport=" + (transport.isStream() ? "tcp" : "udp");
    return scheme.text() + ":" + shownHost + shownPort + shownTransport;
  }
}
