package dev.culvert.cli.node.rendezvous;

import dev.culvert.sansio.IpLiterals;
import dev.culvert.sansio.Transport;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.transport.server.StunServer;
import dev.culvert.turn.server.RelayAddress;
import java.net.InetAddress;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

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
   * URIs (RFC 7065) of the relay, each address over UDP, TCP and TLS, as peers heed the first few
   * alone. Those who read them know the node's key, with which its own certificate was made.
   */
  List<String> turn(StunServer server) {
    List<List<String>> all =
        List.of(
            uris("turn:%s?transport=udp", places(server.mainAddresses(Transport.UDP))),
            uris("turn:%s?transport=tcp", places(server.mainAddresses(Transport.TCP))),
            uris("turns:%s?transport=tcp", places(server.mainAddresses(Transport.TLS))));
    int most = all.stream().mapToInt(List::size).max().orElse(0);
    return IntStream.range(0, most)
        .boxed()
        .flatMap(i -> all.stream().filter(its -> i < its.size()).map(its -> its.get(i)))
        .toList();
  }

  private static List<String> uris(String form, List<String> places) {
    return places.stream().map(at -> form.replace("%s", at)).toList();
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
