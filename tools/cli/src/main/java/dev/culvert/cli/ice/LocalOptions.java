package dev.culvert.cli.ice;

import dev.culvert.cli.ExitCode;
import dev.culvert.cli.Fault;
import dev.culvert.detect.IpFamily;
import dev.culvert.peer.AddressSource;
import dev.culvert.sansio.IpLiterals;
import dev.culvert.session.AddressChoice;
import dev.culvert.session.AddressFilter;
import dev.culvert.session.LeftOut;
import dev.culvert.session.LocalAddress;
import dev.culvert.transport.Interfaces;
import dev.culvert.turn.server.IpPrefix;
import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import picocli.CommandLine.Option;

/** Which addresses of this host to use. */
public final class LocalOptions {
  @Option(
      names = {"--address", "--bind"},
      paramLabel = "ADDRESS[/LENGTH]",
      description =
          "Use this address of this host, or those of this range, and no other; may be repeated.")
  private List<String> addresses = List.of();

  @Option(
      names = {"--interface", "--iface"},
      paramLabel = "NAME",
      description =
          "Use this interface's addresses and no others; * stands for any characters; may be"
              + " repeated. Bridges of containers and virtual machines are used only if named.")
  private List<String> interfaces = List.of();

  @Option(
      names = "--exclude",
      paramLabel = "NAME|ADDRESS[/LENGTH]",
      description = "Do not use this interface, address or range; may be repeated.")
  private List<String> excluded = List.of();

  private final AddressSource host;

  /** Options at their defaults. */
  public LocalOptions() {
    this(
        () ->
            Interfaces.list().stream()
                .map(its -> new LocalAddress(its.interfaceName(), its.ip()))
                .toList());
  }

  /** The same where this tells all addresses of this host. */
  public LocalOptions(AddressSource host) {
    this.host = host;
  }

  /**
   * The choice.
   *
   * @throws Fault if there is no such address or interface, or nothing is left
   */
  public AddressChoice choice(Set<IpFamily> families) {
    try {
      return choice(families, host.addresses());
    } catch (IOException e) {
      return choice(families, List.of());
    }
  }

  /**
   * The choice as it is whenever somebody looks; empty while nothing is left, since what was asked
   * for may come back.
   */
  public AddressSource following(Set<IpFamily> families) {
    return () -> {
      List<LocalAddress> own = host.addresses();
      try {
        return choice(families, own).used();
      } catch (Fault e) {
        return List.of();
      }
    };
  }

  AddressChoice choice(Set<IpFamily> families, List<LocalAddress> own) {
    AddressFilter filter =
        AddressFilter.standard()
            .families(families.contains(IpFamily.IPV4), families.contains(IpFamily.IPV6));
    List<LocalAddress> candidates = new ArrayList<>();
    for (String text : addresses) {
      IpPrefix range = range("--address", text, own);
      filter = filter.using(range);
      addNamed(text, range, own, candidates);
    }
    for (String name : interfaces) {
      refuseUnknown(name, own);
      filter = filter.using(name);
    }
    for (String text : excluded) {
      filter =
          isRange(text)
              ? filter.excluding(range("--exclude", text, own))
              : filter.excluding(nonEmpty(text));
    }
    own.stream().filter(its -> !candidates.contains(its)).forEach(candidates::add);
    AddressChoice all = filter.choose(candidates);
    // Every host has it, and nobody wonders.
    AddressChoice choice =
        new AddressChoice(
            all.used(),
            all.leftOut().stream()
                .filter(each -> !each.address().ip().isLoopbackAddress())
                .toList());
    if (choice.used().isEmpty()) {
      boolean nothingAsked = addresses.isEmpty() && interfaces.isEmpty() && excluded.isEmpty();
      throw nothingAsked
          ? new Fault(
              ExitCode.NO_NETWORK, "this host has no address to be reached at" + words(choice), "")
          : Fault.usage("no address is left" + words(choice), "ask for another");
    }
    return choice;
  }

  private static String words(AddressChoice choice) {
    String words =
        choice.leftOut().stream().map(LeftOut::toString).limit(6).collect(Collectors.joining(", "));
    return words.isEmpty() ? "" : ": " + words;
  }

  private static boolean isRange(String text) {
    return text.indexOf(':') >= 0 || text.matches("[0-9.]+(/.*)?");
  }

  private static String nonEmpty(String name) {
    if (name.isEmpty()) {
      throw Fault.usage("--exclude '' names nothing", "write an interface, an address or a range");
    }
    return name;
  }

  private static IpPrefix range(String option, String text, List<LocalAddress> own) {
    Optional<IpPrefix> range;
    try {
      range = IpPrefix.parse(text);
    } catch (IllegalArgumentException e) {
      throw Fault.usage(option + " " + text + " is no range", String.valueOf(e.getMessage()));
    }
    return range.orElseThrow(
        () ->
            Fault.usage(
                option + " '" + text + "' is no IP address",
                "write one, a range such as 192.168.1.0/24, or " + other(option, own)));
  }

  private static String other(String option, List<LocalAddress> own) {
    return option.equals("--address") ? "--interface" : "an interface: " + names(own);
  }

  /** All of 127.0.0.0/8 is local on Linux, though only one address of it is listed. */
  private static void addNamed(
      String text, IpPrefix range, List<LocalAddress> own, List<LocalAddress> candidates) {
    List<LocalAddress> held = own.stream().filter(its -> range.contains(its.ip())).toList();
    Optional<InetAddress> alone =
        IpLiterals.parse(text).filter(ip -> held.isEmpty() && ip.isLoopbackAddress());
    alone.ifPresent(ip -> candidates.add(new LocalAddress("", ip)));
    held.stream().filter(its -> !candidates.contains(its)).forEach(candidates::add);
    if (held.isEmpty() && alone.isEmpty()) {
      throw Fault.usage(
          "--address " + text + " is no address of this host",
          "choose from "
              + own.stream()
                  .filter(its -> !its.ip().isLinkLocalAddress())
                  .map(its -> IpLiterals.format(its.ip(), false))
                  .limit(6)
                  .collect(Collectors.joining(", ")));
    }
  }

  private static void refuseUnknown(String name, List<LocalAddress> own) {
    if (name.isEmpty() || !AddressFilter.standard().using(name).names(own)) {
      throw Fault.usage(
          "there is no interface '" + name + "' that is up", "choose from " + names(own));
    }
  }

  private static String names(List<LocalAddress> own) {
    return own.stream()
        .map(LocalAddress::interfaceName)
        .distinct()
        .collect(Collectors.joining(", "));
  }
}
