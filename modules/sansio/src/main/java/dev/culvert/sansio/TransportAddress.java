package dev.culvert.sansio;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/**
 * An IP address and a port (RFC 8445 §4). It never resolves a name.
 *
 * @param ip the address; a wildcard address where any local one will do
 * @param port 0 to 65535; 0 only where the system is to choose
 */
public record TransportAddress(InetAddress ip, int port) {

  /** Refuses ports out of range. */
  public TransportAddress {
    if (port < 0 || port > 0xffff) {
      throw new IllegalArgumentException("port " + port + " is not in 0..65535");
    }
  }

  /**
   * The address and port of {@code address}.
   *
   * @throws IllegalArgumentException if it is unresolved
   */
  public static TransportAddress of(InetSocketAddress address) {
    InetAddress ip = address.getAddress();
    if (ip == null) {
      throw new IllegalArgumentException(address.getHostString() + " is not resolved");
    }
    return new TransportAddress(ip, address.getPort());
  }

  /** Whether this is IPv4. */
  public boolean isIpv4() {
    return ip instanceof Inet4Address;
  }

  /** Whether this is IPv6. */
  public boolean isIpv6() {
    return ip instanceof Inet6Address;
  }

  /** The same address with another port. */
  public TransportAddress withPort(int newPort) {
    return new TransportAddress(ip, newPort);
  }

  /** The form the JDK's sockets take. */
  public InetSocketAddress toSocketAddress() {
    return new InetSocketAddress(ip, port);
  }

  /**
   * {@code 192.0.2.1:3478} or, in brackets and compressed by RFC 5952, {@code [2001:db8::1]:3478}.
   */
  @Override
  public String toString() {
    return IpLiterals.format(ip, true) + ":" + port;
  }
}
