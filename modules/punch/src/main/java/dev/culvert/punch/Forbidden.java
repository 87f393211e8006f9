package dev.culvert.punch;

import dev.culvert.sansio.TransportAddress;
import java.net.InetAddress;
import java.util.Optional;

/** Addresses that no peer may have this one send to. */
final class Forbidden {
  private Forbidden() {}

  /** Why {@code target} is one; empty if it is not. */
  static Optional<String> why(TransportAddress target, InetAddress own) {
    InetAddress ip = target.ip();
    byte[] bytes = ip.getAddress();
    if (target.port() == 0) {
      return Optional.of("the peer's port is 0");
    }
    if (ip.isMulticastAddress() || ip.isAnyLocalAddress()) {
      return Optional.of("the peer's address is nobody's own");
    }
    boolean reserved = bytes.length == 4 && ((bytes[0] & 0xff) >= 240 || bytes[0] == 0);
    if (reserved) {
      return Optional.of("the peer's address is reserved or a broadcast");
    }
    if (ip.isLoopbackAddress() && !own.isLoopbackAddress()) {
      return Optional.of("the peer's address is a loopback one");
    }
    return ip.isLinkLocalAddress() && !own.isLinkLocalAddress()
        ? Optional.of("the peer's address is a link-local one")
        : Optional.empty();
  }
}
