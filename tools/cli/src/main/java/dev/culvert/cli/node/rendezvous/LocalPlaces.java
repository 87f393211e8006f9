package dev.culvert.cli.node.rendezvous;

import dev.culvert.sansio.TransportAddress;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.List;
import java.util.stream.Stream;

/** Where peers on a local network reach what listens on addresses, wildcards among them. */
final class LocalPlaces {
  private LocalPlaces() {}

  static List<TransportAddress> of(List<TransportAddress> listened) {
    return listened.stream().flatMap(LocalPlaces::of).distinct().toList();
  }

  private static Stream<TransportAddress> of(TransportAddress address) {
    Stream<InetAddress> ips = address.ip().isAnyLocalAddress() ? all() : Stream.of(address.ip());
    return ips.filter(ip -> !ip.isLoopbackAddress() && !ip.isLinkLocalAddress())
        .map(ip -> new TransportAddress(ip, address.port()))
        .filter(place -> place.isIpv4() == address.isIpv4());
  }

  private static Stream<InetAddress> all() {
    try {
      return NetworkInterface.networkInterfaces()
          .filter(LocalPlaces::hasMulticast)
          .flatMap(NetworkInterface::inetAddresses);
    } catch (SocketException e) {
      return Stream.empty();
    }
  }

  private static boolean hasMulticast(NetworkInterface card) {
    try {
      return card.isUp() && card.supportsMulticast();
    } catch (SocketException e) {
      return false;
    }
  }
}
