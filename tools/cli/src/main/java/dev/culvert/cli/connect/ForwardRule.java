package dev.culvert.cli.connect;

import dev.culvert.cli.Fault;
import dev.culvert.cli.connect.stream.Target;
import dev.culvert.sansio.IpLiterals;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A port of this host that leads to one of the other side's.
 *
 * @param at where it is here; port 0 lets the system choose
 * @param target where it leads to
 */
record ForwardRule(InetSocketAddress at, Target target) {
  private static final String UDP = "udp:";
  private static final String HOST = "(?:\\[[^\\]]*\\]|[^:\\[\\]]+)";
  private static final Pattern FORM =
      Pattern.compile("(?:(" + HOST + "):)?([0-9]{1,5}):(" + HOST + ":[0-9]{1,5})");

  /**
   * Reads {@code [udp:][ADDRESS:]PORT:HOST:PORT}.
   *
   * @throws Fault if it is none
   */
  static ForwardRule parse(String text) {
    boolean udp = text.startsWith(UDP);
    Matcher matcher = FORM.matcher(udp ? text.substring(UDP.length()) : text);
    if (!matcher.matches()) {
      throw Fault.usage(
          "--forward " + text + " is no rule",
          "write [udp:][ADDRESS:]PORT:HOST:PORT, such as 8080:localhost:80");
    }
    try {
      Target target = Target.parse(udp, matcher.group(3));
      return new ForwardRule(
          new InetSocketAddress(address(Optional.ofNullable(matcher.group(1))), port(matcher)),
          target);
    } catch (IllegalArgumentException e) {
      throw Fault.usage("--forward " + text + ": " + e.getMessage(), "");
    }
  }

  private static int port(Matcher matcher) {
    int port = Integer.parseInt(matcher.group(2));
    if (port > 65_535) {
      throw new IllegalArgumentException("port " + port + " is out of range; give 0 to 65535");
    }
    return port;
  }

  /** Nobody else's host gets in unless an address says so. */
  private static InetAddress address(Optional<String> text) {
    if (text.isEmpty() || text.get().equals("localhost")) {
      return InetAddress.getLoopbackAddress();
    }
    String bare = text.get().replaceAll("^\\[|\\]$", "");
    return IpLiterals.parse(bare)
        .orElseThrow(
            () -> new IllegalArgumentException("'" + bare + "' is no address of this host"));
  }

  /** Reads {@code [udp:]HOST:PORT}, what others may reach. */
  static Target allowed(String text) {
    boolean udp = text.startsWith(UDP);
    try {
      return Target.parse(udp, udp ? text.substring(UDP.length()) : text);
    } catch (IllegalArgumentException e) {
      throw Fault.usage("--allow-forward " + text + ": " + e.getMessage(), "write [udp:]HOST:PORT");
    }
  }
}
