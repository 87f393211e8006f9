package dev.culvert.turn.server;

import java.net.Inet4Address;
import java.net.InetAddress;

/**
 * An address on which a relay hands out ports.
 *
 * @param local the address of this machine that relay sockets are bound to
 * @param announced the address that clients are told: the same, or that of a NAT before this
 *     machine which maps every port to itself
 */
public record RelayAddress(InetAddress local, InetAddress announced) {
  /** Refuses two families and wildcards. */
  public RelayAddress {
    if (local instanceof Inet4Address != announced instanceof Inet4Address) {
      throw new IllegalArgumentException(local + " and " + announced + " differ in IP version");
    }
    if (local.isAnyLocalAddress() || announced.isAnyLocalAddress()) {
      throw new IllegalArgumentException("a relay needs an address by name, not a wildcard");
    }
  }

  /** An address that is announced as it is. */
  public static RelayAddress of(InetAddress address) {
    return new RelayAddress(address, address);
  }

  /** Whether clients are told another address than the sockets have. */
  public boolean isTranslated() {
    return !local.equals(announced);
  }

  /** Whether it is IPv4. */
  public boolean isIpv4() {
    return local instanceof Inet4Address;
  }
}
