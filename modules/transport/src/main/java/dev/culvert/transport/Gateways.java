package dev.culvert.transport;

import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.IpLiterals;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The routers that default routes lead to, read from Linux's {@code /proc}; elsewhere none is
 * known. Safe for any thread; reads files.
 */
public final class Gateways {
  private static final Logger LOG = LoggerFactory.getLogger(Gateways.class);
  private static final Path IPV4 = Path.of("/proc/net/route");
  private static final Path IPV6 = Path.of("/proc/net/ipv6_route");
  private static final int RTF_UP = 0x1;
  private static final int RTF_GATEWAY = 0x2;
  private static final int RTF_REJECT = 0x200;

  private Gateways() {}

  /**
   * A router.
   *
   * @param ip its address, with its scope if it is link-local IPv6
   * @param interfaceName the interface that leads to it
   * @param metric the route's; the lowest is taken
   */
  public record Gateway(InetAddress ip, String interfaceName, long metric) {}

  /** All of them, IPv4 first, each family by rising metric. */
  public static List<Gateway> all() {
    List<Gateway> gateways = new ArrayList<>(parseIpv4(lines(IPV4)));
    gateways.addAll(parseIpv6(lines(IPV6)));
    return List.copyOf(gateways);
  }

  private static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file, StandardCharsets.US_ASCII);
    } catch (IOException e) {
      return List.of();
    }
  }

  static List<Gateway> parseIpv4(List<String> lines) {
    return parse(lines, 8, Gateways::ipv4);
  }

  static List<Gateway> parseIpv6(List<String> lines) {
    return parse(lines, 10, Gateways::ipv6);
  }

  private static List<Gateway> parse(
      List<String> lines, int columns, Function<String[], Optional<Gateway>> reader) {
    List<Gateway> gateways = new ArrayList<>();
    for (String line : lines) {
      String[] words = line.trim().split("\\s+", -1);
      try {
        if (words.length >= columns) {
          reader.apply(words).ifPresent(gateways::add);
        }
      } catch (IllegalArgumentException e) {
        LOG.debug("Not a route: {}", line);
      }
    }
    gateways.sort(Comparator.comparingLong(Gateway::metric));
    return gateways;
  }

  /** Columns: interface, destination, gateway, flags, refs, uses, metric, mask, … */
  private static Optional<Gateway> ipv4(String[] words) {
    boolean everywhere = words[1].equals("00000000") && words[7].equals("00000000");
    if (!everywhere || !leadsToRouter(Integer.parseInt(words[3], 16))) {
      return Optional.empty();
    }
    // The kernel prints the address as a number in its own byte order.
    ByteBuffer address = ByteBuffer.allocate(4).order(ByteOrder.nativeOrder());
    address.putInt(Integer.parseUnsignedInt(words[2], 16)).flip();
    return Optional.of(
        new Gateway(IpLiterals.ofBytes(Bytes.copyOf(address)), words[0], Long.parseLong(words[6])));
  }

  /**
   * Columns: destination, length, source, length, next hop, metric, refs, uses, flags, interface.
   */
  private static Optional<Gateway> ipv6(String[] words) {
    boolean everywhere = words[0].matches("0{32}") && words[1].equals("00");
    if (!everywhere || !leadsToRouter(Integer.parseUnsignedInt(words[8], 16))) {
      return Optional.empty();
    }
    InetAddress ip = scoped(IpLiterals.ofBytes(Bytes.hex(words[4])), words[9]);
    return Optional.of(new Gateway(ip, words[9], Long.parseLong(words[5], 16)));
  }

  private static boolean leadsToRouter(int flags) {
    return (flags & (RTF_UP | RTF_GATEWAY | RTF_REJECT)) == (RTF_UP | RTF_GATEWAY);
  }

  private static InetAddress scoped(InetAddress ip, String interfaceName) {
    try {
      NetworkInterface card = NetworkInterface.getByName(interfaceName);
      return ip.isLinkLocalAddress() && card != null
          ? Inet6Address.getByAddress(null, ip.getAddress(), card)
          : ip;
    } catch (IOException e) {
      return ip;
    }
  }
}
