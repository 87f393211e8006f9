package dev.culvert.transport.server;

import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.IpLiterals;
import java.net.Inet4Address;
import java.net.InetAddress;

/**
 * How many datagrams a server sends to the networks that requests claim to come from.
 *
 * <p>A source address of a datagram can be forged, so this bounds what a server can be made to send
 * to somebody who never asked. Sources are counted by prefix, as resolvers do, because a forger can
 * name every address of a network.
 *
 * @param perSecond responses per second and prefix in the long run; 0: no limit
 * @param burst responses that a prefix which was quiet may have at once; at least 1
 * @param ipv4Prefix length of the prefix that is counted as one source, 8 to 32 bits
 * @param ipv6Prefix the same for IPv6, 16 to 64 bits
 */
public record RateLimit(int perSecond, int burst, int ipv4Prefix, int ipv6Prefix) {
  /**
   * Room for some dozens of full NAT diagnoses at once behind one carrier-grade NAT, and less than
   * 1 Mbit/s of plain Binding responses toward a network that never asked.
   */
  public static final RateLimit STANDARD = new RateLimit(1000, 5000, 24, 56);

  /** No limit at all. */
  public static final RateLimit NONE = new RateLimit(0, 1, 24, 56);

  /** In OpenJDK an IPv4 address is its own hash code, which spares a copy for each datagram. */
  private static final boolean HASH_IS_ADDRESS =
      IpLiterals.ofBytes(Bytes.of(192, 0, 2, 1)).hashCode() == 0xc0000201;

  /** Refuses values out of range. */
  public RateLimit {
    requireRange("a rate", perSecond, 0, 100_000_000);
    requireRange("a burst", burst, 1, 100_000_000);
    requireRange("an IPv4 prefix length", ipv4Prefix, 8, 32);
    requireRange("an IPv6 prefix length", ipv6Prefix, 16, 64);
  }

  /** Whether every response is let through. */
  public boolean isUnlimited() {
    return perSecond == 0;
  }

  /**
   * The network that {@code address} is counted with, as a number that differs between networks.
   */
  long prefixOf(InetAddress address) {
    if (address instanceof Inet4Address) {
      // Global IPv6 unicast never begins with these bits, so the families do not meet.
      return 0xffffffff00000000L | (bits(address) & (-1 << (32 - ipv4Prefix)) & 0xffffffffL);
    }
    return prefixOfIpv6(address.getAddress());
  }

  /** The same for the sixteen bytes of an IPv6 address. */
  long prefixOfIpv6(byte[] address) {
    long bits = 0;
    for (int i = 0; i < 8; i++) {
      bits = bits << 8 | (address[i] & 0xff);
    }
    return bits & (-1L << (64 - ipv6Prefix));
  }

  /** The JDK's own question copies an IPv4 address to answer it. */
  static boolean isLoopback(InetAddress address) {
    return address instanceof Inet4Address
        ? bits(address) >>> 24 == 127
        : address.isLoopbackAddress();
  }

  private static int bits(InetAddress ipv4) {
    if (HASH_IS_ADDRESS) {
      return ipv4.hashCode();
    }
    byte[] bytes = ipv4.getAddress();
    return (bytes[0] & 0xff) << 24
        | (bytes[1] & 0xff) << 16
        | (bytes[2] & 0xff) << 8
        | (bytes[3] & 0xff);
  }

  private static void requireRange(String what, int value, int from, int to) {
    if (value < from || value > to) {
      throw new IllegalArgumentException(what + " is " + from + " to " + to + ", not " + value);
    }
  }
}
