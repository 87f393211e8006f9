package dev.culvert.cli.lab.verb;

import dev.culvert.cli.lab.reach.ReachLines;
import dev.culvert.lab.world.LabWorld;
import dev.culvert.sansio.IpLiterals;
import dev.culvert.sansio.TransportAddress;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Where the hosts of a world are, at this moment. */
final class Places {
  /** The server that verbs ask unless told otherwise. */
  static final String USUAL_SERVER = "s1";

  private Places() {}

  /** The addresses of a host in one family, its main one first. */
  static List<InetAddress> of(LabWorld world, String host, boolean ipv4) {
    List<InetAddress> all = world.addresses().get(host);
    if (all == null) {
      throw new IllegalArgumentException(
          "there is no host '"
              + host
              + "' here; there are "
              + String.join(", ", world.addresses().keySet()));
    }
    return all.stream().filter(ip -> ip instanceof Inet4Address == ipv4).toList();
  }

  /** The main address of a host in one family. */
  static InetAddress first(LabWorld world, String host, boolean ipv4) {
    List<InetAddress> all = of(world, host, ipv4);
    if (all.isEmpty()) {
      throw new IllegalArgumentException(
          host + " has no " + (ipv4 ? "IPv4" : "IPv6") + " address at present");
    }
    return all.get(0);
  }

  /** A server's host name. */
  static String usualServer(LabWorld world) {
    if (!world.addresses().containsKey(USUAL_SERVER)) {
      throw new IllegalArgumentException("there is no server s1 here; name another with --server");
    }
    return USUAL_SERVER;
  }

  /**
   * The server that somebody wrote: a host of the world, or an address with or without port.
   *
   * @return its addresses of the families; a host's main one of each
   */
  static List<TransportAddress> server(LabWorld world, String text, boolean ipv4, boolean ipv6) {
    Optional<TransportAddress> literal =
        ReachLines.address(text)
            .or(() -> IpLiterals.parse(text).map(ip -> new TransportAddress(ip, NodeMachine.PORT)));
    if (literal.isPresent()) {
      return List.of(literal.get());
    }
    List<TransportAddress> found = new ArrayList<>();
    for (boolean family : new boolean[] {true, false}) {
      List<InetAddress> its = of(world, text, family);
      if ((family ? ipv4 : ipv6) && !its.isEmpty()) {
        found.add(new TransportAddress(its.get(0), NodeMachine.PORT));
      }
    }
    return found;
  }
}
