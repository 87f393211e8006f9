package dev.culvert.detect;

import java.net.Inet4Address;
import java.net.InetAddress;

/** A version of IP. */
public enum IpFamily {
  /** IP version 4. */
  IPV4("IPv4"),
  /** IP version 6. */
  IPV6("IPv6");

  private final String text;

  IpFamily(String text) {
    this.text = text;
  }

  /** The family of {@code ip}. */
  public static IpFamily of(InetAddress ip) {
    return ip instanceof Inet4Address ? IPV4 : IPV6;
  }

  /** {@code IPv4} or {@code IPv6}. */
  @Override
  public String toString() {
    return text;
  }
}
