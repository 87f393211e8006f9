package dev.culvert.turn.server;

import java.net.InetAddress;

/** Whether a datagram may be sent to somebody who has not proven to own the address. */
@FunctionalInterface
public interface ResponseGate {
  /** Lets everything through: for connections, and for a network that nobody can forge. */
  ResponseGate OPEN = (target, wireLength, now) -> true;

  /**
   * Asked once for each such datagram, and counted there.
   *
   * @param target where it would go
   * @param wireLength its bytes with IP and UDP headers
   * @param now nanoseconds of the driver's monotonic clock
   */
  boolean admit(InetAddress target, int wireLength, long now);
}
