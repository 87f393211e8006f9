package dev.culvert.detect;

import java.net.InetAddress;

/**
 * An address of this host to measure from.
 *
 * @param label what to call it in the report: the interface's name, or empty
 * @param ip the address; not a wildcard
 */
public record LocalInterface(String label, InetAddress ip) {

  /** Refuses wildcards, which would leave open what is measured. */
  public LocalInterface {
    if (ip.isAnyLocalAddress()) {
      throw new IllegalArgumentException("a wildcard is no address to measure from");
    }
  }
}
