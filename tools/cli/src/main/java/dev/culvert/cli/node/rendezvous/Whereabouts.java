package dev.culvert.cli.node.rendezvous;

import dev.culvert.sansio.IpLiterals;
import dev.culvert.sansio.Transport;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.transport.server.StunServer;
import dev.culvert.turn.server.RelayAddress;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Tells peers where STUN and the relay of this node are. */
final class Whereabouts {
  private final Optional<String> host;
  private final List<RelayAddress> relays;

  /**
   * Of a node.
   *
   * @param host under which it is reached; empty: its addresses
   * @param relays what it relays on, known from outside even where it listens on all addresses
   */
  Whereabouts(Optional<String> host, List<RelayAddress> relays) {
    this.host = host;
    this.relays = relays;
  }

  /** {@code host:port} of all that answers STUN over UDP. */
  List<String> stun(StunServer server) {
    return places(server.addresses(Transport.UDP));
  }

  /**
   * URIs (RFC 7065) of the relay.
   *
   * @param certified whether strangers trust the certificate that TLS shows
   */
  List<String> turn(StunServer server, boolean certified) {
    List<String> uris = new ArrayList<>();
    places(server.addresses(Transport.UDP))
        .forEach(at -> uris.add("turn:" + at + "?transport=udp"));
    places(server.addresses(Transport.TCP))
        .forEach(at -> uris.add("turn:" + at + "?transport=tcp"));
    if (certified) {
      places(server.addresses(Transport.TLS))
          .forEach(at -> uris.add("turns:" + at + "?transport=tcp"));
    }
    return uris;
  }

  private List<String> places(List<TransportAddress> listened) {
    Set<String> places = new LinkedHashSet<>();
    for (TransportAddress address : listened) {
      if (host.isPresent()) {
        places.add(shown(host.get()) + ":" + address.port());
      } else if (!address.ip().isAnyLocalAddress()) {
        places.add(place(address.ip(), address.port()));
      } else {
        relays.stream()
            .map(RelayAddress::announced)
            .filter(ip -> new TransportAddress(ip, 0).isIpv4() == address.isIpv4())
            .forEach(ip -> places.add(place(ip, address.port())));
      }
    }
    return List.copyOf(places);
  }

  private static String place(InetAddress ip, int port) {
    return shown(IpLiterals.format(ip, false)) + ":" + port;
  }

  private static String shown(String host) {
    return host.contains(":") ? "[" + host + "]" : host;
  }
}
