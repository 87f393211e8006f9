package dev.culvert.cli.node;

import dev.culvert.cli.Fault;
import dev.culvert.sansio.IpLiterals;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.turn.server.RelayAddress;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Chooses the addresses that a relay hands out ports on, at most one of each IP version. */
final class RelayAddresses {
  private final List<InetAddress> listened;
  private final List<InetAddress> machine;

  /**
   * A choice.
   *
   * @param listened what the node listens on, wildcards among it
   * @param machine all addresses of this machine's interfaces
   */
  RelayAddresses(List<TransportAddress> listened, List<InetAddress> machine) {
    this.listened = listened.stream().map(TransportAddress::ip).toList();
    this.machine = machine;
  }

  /**
   * The addresses.
   *
   * @param relayIps what --relay-ip says
   * @param externalIps what --external-ip says; what is to be found out is left as it is so far
   */
  List<RelayAddress> choose(List<String> relayIps, List<String> externalIps) {
    List<InetAddress> locals =
        relayIps.stream().map(text -> local("--relay-ip " + text, text)).toList();
    List<RelayAddress> external = new ArrayList<>();
    for (String text : externalIps) {
      if (!text.equals(ExternalCheck.AUTOMATIC)) {
        external.add(external(text, locals));
      }
    }
    List<RelayAddress> chosen = new ArrayList<>();
    for (boolean ipv4 : new boolean[] {true, false}) {
      List<InetAddress> named = locals.stream().filter(ip -> isIpv4(ip) == ipv4).toList();
      List<RelayAddress> shown = external.stream().filter(a -> a.isIpv4() == ipv4).toList();
      if (named.size() > 1 || shown.size() > 1) {
        throw Fault.usage(
            (named.size() > 1 ? "--relay-ip" : "--external-ip")
                + " is given twice for "
                + (ipv4 ? "IPv4" : "IPv6"),
            "give one for each IP version");
      }
      shown.stream()
          .findFirst()
          .or(() -> named.stream().findFirst().or(() -> standard(ipv4)).map(RelayAddress::of))
          .ifPresent(chosen::add);
    }
    if (chosen.size() > 1 && relayIps.isEmpty() && externalIps.isEmpty()) {
      leaveOutLoopback(chosen);
    }
    if (chosen.isEmpty()) {
      throw Fault.usage("this machine has no address to relay on", "name one with --relay-ip");
    }
    return List.copyOf(chosen);
  }

  /** Where there is an address of the one IP version, nobody needs the loopback of the other. */
  private void leaveOutLoopback(List<RelayAddress> chosen) {
    boolean mixed = chosen.stream().anyMatch(address -> !address.local().isLoopbackAddress());
    if (mixed) {
      chosen.removeIf(
          address -> address.local().isLoopbackAddress() && !listened.contains(address.local()));
    }
  }

  private RelayAddress external(String text, List<InetAddress> locals) {
    String option = "--external-ip " + text;
    int slash = text.indexOf('/');
    InetAddress announced = address(option, slash < 0 ? text : text.substring(0, slash));
    boolean ipv4 = isIpv4(announced);
    Optional<InetAddress> named = locals.stream().filter(ip -> isIpv4(ip) == ipv4).findFirst();
    Optional<InetAddress> local =
        slash < 0
            ? named.or(() -> standard(ipv4))
            : Optional.of(local(option, text.substring(slash + 1)));
    if (local.isEmpty()) {
      throw Fault.usage(
          option + ": the node has no address of that IP version to relay on",
          "name it, as in --external-ip " + text + "/LOCAL");
    }
    if (isIpv4(local.get()) != ipv4) {
      throw Fault.usage(option + " mixes IPv4 and IPv6", "give two of one IP version");
    }
    if (named.isPresent() && !named.equals(local)) {
      throw Fault.usage(option + " and --relay-ip name different addresses", "leave one out");
    }
    return new RelayAddress(local.get(), announced);
  }

  private InetAddress local(String option, String text) {
    InetAddress ip = address(option, text);
    if (!machine.contains(ip) && !isLoopbackIpv4(ip)) {
      throw Fault.usage(
          option + ": no interface of this machine has " + IpLiterals.format(ip, false),
          "name an address of this machine; --external-ip PUBLIC/LOCAL tells a NAT's");
    }
    return ip;
  }

  /** All of 127.0.0.0/8 is the machine's, though interfaces list but one. */
  private static boolean isLoopbackIpv4(InetAddress ip) {
    return isIpv4(ip) && ip.isLoopbackAddress();
  }

  private static InetAddress address(String option, String text) {
    Optional<InetAddress> ip = IpLiterals.parse(text);
    if (ip.isEmpty()) {
      throw Fault.usage(
          option + ": '" + text + "' is no IP address", "write it as 203.0.113.1 or 2001:db8::1");
    }
    if (ip.get().isAnyLocalAddress() || ip.get().isMulticastAddress()) {
      throw Fault.usage(
          option + ": that is no address of one machine", "clients have to be told a real one");
    }
    return ip.get();
  }

  /** The first that is listened on by name; for a wildcard the best of the machine's. */
  private Optional<InetAddress> standard(boolean ipv4) {
    List<InetAddress> ours = listened.stream().filter(ip -> isIpv4(ip) == ipv4).toList();
    Optional<InetAddress> named = ours.stream().filter(ip -> !ip.isAnyLocalAddress()).findFirst();
    if (named.isPresent() || ours.isEmpty()) {
      return named;
    }
    return machine.stream()
        .filter(ip -> isIpv4(ip) == ipv4)
        .filter(ip -> !ip.isLinkLocalAddress() && !ip.isMulticastAddress())
        .min(Comparator.comparingInt(RelayAddresses::rank));
  }

  /** Public before private before loopback; the first of equals. */
  private static int rank(InetAddress ip) {
    byte[] bytes = ip.getAddress();
    boolean uniqueLocal = bytes.length == 16 && (bytes[0] & 0xfe) == 0xfc;
    boolean carrier = bytes.length == 4 && bytes[0] == 100 && (bytes[1] & 0xc0) == 64;
    if (ip.isLoopbackAddress()) {
      return 2;
    }
    return ip.isSiteLocalAddress() || uniqueLocal || carrier ? 1 : 0;
  }

  private static boolean isIpv4(InetAddress ip) {
    return ip instanceof Inet4Address;
  }
}
