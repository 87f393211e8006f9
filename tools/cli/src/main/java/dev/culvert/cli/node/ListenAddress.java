package dev.culvert.cli.node;

import dev.culvert.cli.Fault;
import dev.culvert.sansio.IpLiterals;
import dev.culvert.sansio.TransportAddress;
import java.net.InetAddress;
import java.util.Optional;

/** Reads what people write after --listen and its like. */
public final class ListenAddress {
  private ListenAddress() {}

  /**
   * The address and port that {@code text} names: {@code 192.0.2.1}, {@code 192.0.2.1:3478}, {@code
   * 2001:db8::1}, {@code [2001:db8::1]:3478}.
   *
   * @param option where it was written, for the fault
   * @param defaultPort if it names none
   */
  public static TransportAddress parse(String option, String text, int defaultPort) {
    String host = text;
    Optional<String> port = Optional.empty();
    int bracket = text.lastIndexOf(']');
    int colon = text.lastIndexOf(':');
    boolean bareIpv6 = bracket < 0 && text.indexOf(':') != colon;
    if (colon > bracket && !bareIpv6) {
      host = text.substring(0, colon);
      port = Optional.of(text.substring(colon + 1));
    }
    boolean bracketed = host.startsWith("[") && host.endsWith("]");
    Optional<InetAddress> ip =
        IpLiterals.parse(bracketed ? host.substring(1, host.length() - 1) : host)
            .filter(parsed -> !bracketed || new TransportAddress(parsed, 0).isIpv6());
    if (ip.isEmpty()) {
      throw Fault.usage(
          option + " " + text + ": '" + host + "' is no IP address",
          "write one of this machine's addresses, such as 192.0.2.1:3478 or [2001:db8::1]:3478,"
              + " or 0.0.0.0 or :: for all of them");
    }
    return new TransportAddress(ip.get(), port.map(p -> port(option, text, p)).orElse(defaultPort));
  }

  private static int port(String option, String text, String port) {
    if (!port.matches("[0-9]{1,5}") || Integer.parseInt(port) > 0xffff) {
      throw Fault.usage(
          option + " " + text + ": '" + port + "' is no port",
          "write a number from 1 to 65535, or 0 to let the system choose");
    }
    return Integer.parseInt(port);
  }
}
