package dev.culvert.cli.node;

import dev.culvert.cli.Fault;
import dev.culvert.cli.server.ServerArgument;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.turn.server.RelayAddress;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What a relay's external addresses are to be learnt from.
 *
 * @param server who is asked
 * @param automatic whether what it sees is announced where no address was named
 * @param named the addresses for which another was named, which is announced whatever is seen
 * @param every how often it is asked again
 */
record ExternalCheck(
    ServerArgument server, boolean automatic, List<RelayAddress> named, Duration every) {
  static final String AUTOMATIC = "auto";

  /**
   * What the options ask for; empty: nothing.
   *
   * @param addresses those that the relay starts with
   */
  static Optional<ExternalCheck> of(RelayOptions options, List<RelayAddress> addresses) {
    boolean automatic = options.externalIps.contains(AUTOMATIC);
    if (options.stunServer == null) {
      if (automatic) {
        throw Fault.usage(
            "--external-ip auto without --stun-server",
            "name a STUN server on the other side of your NAT, as in --stun-server"
                + " stun.example.org");
      }
      return Optional.empty();
    }
    ServerArgument server = ServerArgument.parse(options.stunServer);
    if (server.secure()) {
      throw Fault.usage(
          "--stun-server " + options.stunServer + " asks for TLS",
          "relays are reached over UDP; write stun:HOST:PORT");
    }
    List<RelayAddress> named = addresses.stream().filter(RelayAddress::isTranslated).toList();
    return Optional.of(new ExternalCheck(server, automatic, named, options.stunEvery));
  }

  boolean announces(RelayAddress address) {
    return automatic && named.stream().noneMatch(own -> own.local().equals(address.local()));
  }

  /** The server's address of an IP version; empty: it has none, or its name is not found. */
  Optional<TransportAddress> resolve(boolean ipv4) {
    try {
      for (InetAddress ip : InetAddress.getAllByName(server.host())) {
        if (ip instanceof Inet4Address == ipv4) {
          return Optional.of(
              new TransportAddress(ip, server.port().orElse(ServerArgument.STUN_PORT)));
        }
      }
    } catch (UnknownHostException e) {
      return Optional.empty();
    }
    return Optional.empty();
  }
}
