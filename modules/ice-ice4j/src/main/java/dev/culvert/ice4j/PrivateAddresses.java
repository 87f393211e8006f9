package dev.culvert.ice4j;

import java.net.Inet6Address;
import java.net.InetAddress;

/**
 * Addresses that no relay on the Internet reaches, and that relays refuse. ice4j asks a relay that
 * refuses a peer again a thousand times a second, so it never gets to ask.
 */
final class PrivateAddresses {
  private PrivateAddresses() {}

  /** Whether it is private, link-local (as the clouds' metadata are), shared, or no host at all. */
  static boolean contains(InetAddress address) {
    byte[] bytes = address.getAddress();
    return address.isSiteLocalAddress()
        || address.isLinkLocalAddress()
        || address.isLoopbackAddress()
        || address.isAnyLocalAddress()
        || address.isMulticastAddress()
        || (address instanceof Inet6Address
            ? (bytes[0] & 0xfe) == 0xfc
            : isSpecial(bytes[0] & 0xff, bytes[1] & 0xff, bytes[2] & 0xff, bytes[3] & 0xff));
  }

  /** Shared with a carrier, or where clouds have their metadata although it looks public. */
  private static boolean isSpecial(int first, int second, int third, int fourth) {
    return (first == 100 && (second & 0xc0) == 64)
        || (first == 192 && second == 0 && third == 0)
        || (first == 168 && second == 63 && third == 129 && fourth == 16);
  }
}
