package dev.culvert.session;

import java.net.InetAddress;

/**
 * An address of this host.
 *
 * @param interfaceName what the system calls its interface, such as {@code eth0}; empty if unknown
 * @param ip the address, no wildcard
 */
public record LocalAddress(String interfaceName, InetAddress ip) {
  /** Refuses a wildcard, whose replies would leave from who knows where. */
  public LocalAddress {
    if (ip.isAnyLocalAddress()) {
      throw new IllegalArgumentException("a wildcard is no address to be reached at");
    }
  }
}
