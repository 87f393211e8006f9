package dev.culvert.cli.check;

import dev.culvert.cli.Fault;
import dev.culvert.detect.IpFamily;
import dev.culvert.detect.LocalInterface;
import dev.culvert.sansio.IpLiterals;
import dev.culvert.transport.Interfaces;
import dev.culvert.transport.Interfaces.LocalAddress;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import picocli.CommandLine.Option;

/** From which of this host's addresses to measure. */
public final class VantageOptions {
  @Option(
      names = "--bind",
      paramLabel = "ADDRESS",
      description = "Measure from this address of this host; may be repeated.")
  private List<String> addresses = List.of();

  @Option(
      names = "--iface",
      paramLabel = "NAME",
      description = "Measure from this interface's addresses; may be repeated.")
  private List<String> interfaces = List.of();

  /**
   * The addresses that were chosen; empty for whichever the system would use.
   *
   * @throws Fault if there is no such address or interface, or none of the families
   */
  List<LocalInterface> chosen(Set<IpFamily> families) {
    if (addresses.isEmpty() && interfaces.isEmpty()) {
      return List.of();
    }
    List<LocalAddress> own = Interfaces.all();
    List<LocalInterface> chosen = new ArrayList<>();
    for (String address : addresses) {
      chosen.add(bound(address, own));
    }
    for (String name : interfaces) {
      chosen.addAll(ofInterface(name, own, families));
    }
    List<LocalInterface> fitting =
        chosen.stream().filter(from -> families.contains(IpFamily.of(from.ip()))).toList();
    if (fitting.isEmpty()) {
      throw Fault.usage(
          "--bind names no "
              + families.stream().map(IpFamily::toString).collect(Collectors.joining(" or "))
              + " address",
          "leave out -4 or -6, or name another address");
    }
    return fitting;
  }

  private static LocalInterface bound(String text, List<LocalAddress> own) {
    InetAddress ip =
        IpLiterals.parse(text)
            .orElseThrow(
                () ->
                    Fault.usage("--bind '" + text + "' is no IP address", "write one, or --iface"));
    boolean wildcard = ip.isAnyLocalAddress();
    boolean local = own.stream().anyMatch(candidate -> candidate.ip().equals(ip));
    // All of 127.0.0.0/8 is local on Linux, though only one address of it is listed.
    if (wildcard || (!local && !ip.isLoopbackAddress())) {
      throw Fault.usage(
          "--bind " + text + " is no address of this host", "choose from " + addressesOf(own));
    }
    return new LocalInterface(text, ip);
  }

  private static String addressesOf(List<LocalAddress> own) {
    return own.stream()
        .filter(address -> !address.isLinkLocal())
        .map(address -> IpLiterals.format(address.ip(), false))
        .limit(6)
        .collect(Collectors.joining(", "));
  }

  /** The first usable address of each family; further ones would only lengthen the report. */
  private static List<LocalInterface> ofInterface(
      String name, List<LocalAddress> own, Set<IpFamily> families) {
    List<LocalAddress> its =
        own.stream().filter(address -> address.interfaceName().equals(name)).toList();
    if (its.isEmpty()) {
      throw Fault.usage(
          "there is no interface '" + name + "' that is up",
          "choose from "
              + own.stream()
                  .map(LocalAddress::interfaceName)
                  .distinct()
                  .collect(Collectors.joining(", ")));
    }
    List<LocalInterface> first = new ArrayList<>();
    for (IpFamily family : IpFamily.values()) {
      its.stream()
          .filter(address -> IpFamily.of(address.ip()) == family && !address.isLinkLocal())
          .findFirst()
          .ifPresent(address -> first.add(new LocalInterface(name, address.ip())));
    }
    if (first.stream().noneMatch(from -> families.contains(IpFamily.of(from.ip())))) {
      throw Fault.usage(
          "interface '" + name + "' has no address to measure from", "name another with --iface");
    }
    return first;
  }
}
