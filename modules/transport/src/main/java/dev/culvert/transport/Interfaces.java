package dev.culvert.transport;

import dev.culvert.sansio.TransportAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.nio.channels.DatagramChannel;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** This machine's own addresses, as they are when asked. Safe for any thread; sends nothing. */
public final class Interfaces {
  private Interfaces() {}

  /**
   * An address of an interface that is up.
   *
   * @param interfaceName such as {@code eth0}
   * @param ip the address, with its scope if it is link-local IPv6
   */
  public record LocalAddress(String interfaceName, InetAddress ip) {

    /** Whether it reaches no further than this machine. */
    public boolean isLoopback() {
      return ip.isLoopbackAddress();
    }

    /** Whether it reaches no further than the link (RFC 3927, RFC 4291 §2.5.6). */
    public boolean isLinkLocal() {
      return ip.isLinkLocalAddress();
    }
  }

  /** Every address of every interface that is up, IPv4 first; none if that cannot be told. */
  public static List<LocalAddress> all() {
    try {
      return list();
    } catch (SocketException e) {
      return List.of();
    }
  }

  /**
   * Every address of every interface that is up, IPv4 first.
   *
   * @throws SocketException if that cannot be told
   */
  public static List<LocalAddress> list() throws SocketException {
    return NetworkInterface.networkInterfaces()
        .filter(Interfaces::isUp)
        .flatMap(card -> card.inetAddresses().map(ip -> new LocalAddress(card.getName(), ip)))
        .sorted(Comparator.comparingInt(address -> address.ip().getAddress().length))
        .toList();
  }

  /** Those that may reach somebody: neither loopback nor link-local. */
  public static List<LocalAddress> usable() {
    return all().stream()
        .filter(address -> !address.isLoopback() && !address.isLinkLocal())
        .toList();
  }

  /** The local address that the system would send from to {@code remote}; empty without a route. */
  public static Optional<InetAddress> toward(TransportAddress remote) {
    StandardProtocolFamily family =
        remote.isIpv6() ? StandardProtocolFamily.INET6 : StandardProtocolFamily.INET;
    try (DatagramChannel channel = DatagramChannel.open(family)) {
      channel.connect(remote.withPort(Math.max(remote.port(), 1)).toSocketAddress());
      InetAddress local = ((InetSocketAddress) channel.getLocalAddress()).getAddress();
      return local.isAnyLocalAddress() ? Optional.empty() : Optional.of(local);
    } catch (IOException | UnsupportedOperationException e) {
      return Optional.empty();
    }
  }

  private static boolean isUp(NetworkInterface card) {
    try {
      return card.isUp();
    } catch (SocketException e) {
      return false;
    }
  }
}
