package dev.culvert.punch;

import java.time.Duration;

/**
 * The external port of the newest mapping that a server saw.
 *
 * @param port 1 to 65535
 * @param age how long before the start of the punching it was seen, zero or more
 */
public record PortSighting(int port, Duration age) {

  /** Refuses port 0 and the future. */
  public PortSighting {
    if (port < 1 || port > 0xffff || age.isNegative()) {
      throw new IllegalArgumentException("nobody has seen such a port");
    }
  }
}
