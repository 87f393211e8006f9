package dev.culvert.session;

import dev.culvert.turn.server.IpPrefix;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Which addresses of this host a peer uses. An address is used if something names it, or nothing is
 * named at all; and if nothing excludes it; and if there is no reason of its own to leave it out
 * ({@link LeftOut.Reason}), unless it was named on purpose: by its interface, or by a range that is
 * no whole IP version.
 *
 * <p>Which of the used addresses peers are told is another matter (RFC 8828): {@link
 * SessionConfig#hidingAddresses} tells names in their place, and a policy may keep them back.
 *
 * @param interfaces names of interfaces to use, {@code *} for any characters and {@code ?} for one
 * @param ranges ranges of addresses to use
 * @param excludedInterfaces names of interfaces not to use, in the same form
 * @param excludedRanges ranges of addresses not to use
 * @param ipv4 whether IPv4 is used
 * @param ipv6 whether IPv6 is used
 */
public record AddressFilter(
    List<String> interfaces,
    List<IpPrefix> ranges,
    List<String> excludedInterfaces,
    List<IpPrefix> excludedRanges,
    boolean ipv4,
    boolean ipv6) {

  /** Copies the lists; refuses empty names and a filter without any IP version. */
  public AddressFilter {
    interfaces = List.copyOf(interfaces);
    ranges = List.copyOf(ranges);
    excludedInterfaces = List.copyOf(excludedInterfaces);
    excludedRanges = List.copyOf(excludedRanges);
    if (interfaces.contains("") || excludedInterfaces.contains("")) {
      throw new IllegalArgumentException("the name of an interface is empty");
    }
    if (!ipv4 && !ipv6) {
      throw new IllegalArgumentException("neither IPv4 nor IPv6 is left");
    }
  }

  /** Leaves out what has a reason of its own, and nothing else. */
  public static AddressFilter standard() {
    return new AddressFilter(List.of(), List.of(), List.of(), List.of(), true, true);
  }

  /** The same with these interfaces among those to use. */
  public AddressFilter using(String... patterns) {
    return new AddressFilter(
        joined(interfaces, List.of(patterns)),
        ranges,
        excludedInterfaces,
        excludedRanges,
        ipv4,
        ipv6);
  }

  /** The same with these ranges among those to use. */
  public AddressFilter using(IpPrefix... others) {
    return new AddressFilter(
        interfaces,
        joined(ranges, List.of(others)),
        excludedInterfaces,
        excludedRanges,
        ipv4,
        ipv6);
  }

  /** The same without these interfaces. */
  public AddressFilter excluding(String... patterns) {
    return new AddressFilter(
        interfaces,
        ranges,
        joined(excludedInterfaces, List.of(patterns)),
        excludedRanges,
        ipv4,
        ipv6);
  }

  /** The same without these ranges. */
  public AddressFilter excluding(IpPrefix... others) {
    return new AddressFilter(
        interfaces,
        ranges,
        excludedInterfaces,
        joined(excludedRanges, List.of(others)),
        ipv4,
        ipv6);
  }

  /** The same with these IP versions. */
  public AddressFilter families(boolean newIpv4, boolean newIpv6) {
    return new AddressFilter(
        interfaces, ranges, excludedInterfaces, excludedRanges, newIpv4, newIpv6);
  }

  /** Which of these are used, in their order, and why the others are not. */
  public AddressChoice choose(Collection<LocalAddress> addresses) {
    List<LocalAddress> used = new ArrayList<>();
    List<LeftOut> leftOut = new ArrayList<>();
    for (LocalAddress address : addresses) {
      reason(address)
          .ifPresentOrElse(why -> leftOut.add(new LeftOut(address, why)), () -> used.add(address));
    }
    return new AddressChoice(used, leftOut);
  }

  /** Whether {@link #interfaces} names an interface of one of these. */
  public boolean names(Collection<LocalAddress> addresses) {
    return addresses.stream().anyMatch(address -> named(interfaces, address));
  }

  private Optional<LeftOut.Reason> reason(LocalAddress address) {
    InetAddress ip = address.ip();
    if (ip instanceof Inet4Address ? !ipv4 : !ipv6) {
      return Optional.of(LeftOut.Reason.OTHER_FAMILY);
    }
    if (named(excludedInterfaces, address) || held(excludedRanges, ip)) {
      return Optional.of(LeftOut.Reason.EXCLUDED);
    }
    boolean any = interfaces.isEmpty() && ranges.isEmpty();
    if (!any && !named(interfaces, address) && !held(ranges, ip)) {
      return Optional.of(LeftOut.Reason.NOT_ASKED_FOR);
    }
    boolean rangeMeant =
        ranges.stream().anyMatch(range -> range.length() > 0 && range.contains(ip));
    boolean interfaceMeant =
        interfaces.stream()
            .anyMatch(
                pattern ->
                    !InterfacePattern.isAny(pattern)
                        && InterfacePattern.matches(pattern, address.interfaceName()));
    return OwnReasons.of(address)
        .filter(
            why ->
                why.isForGood() || !(rangeMeant || (interfaceMeant && why.isAboutTheInterface())));
  }

  private static boolean named(List<String> patterns, LocalAddress address) {
    return patterns.stream()
        .anyMatch(pattern -> InterfacePattern.matches(pattern, address.interfaceName()));
  }

  private static boolean held(List<IpPrefix> ranges, InetAddress ip) {
    return ranges.stream().anyMatch(range -> range.contains(ip));
  }

  private static <T> List<T> joined(List<T> some, List<T> more) {
    List<T> all = new ArrayList<>(some);
    all.addAll(more);
    return all;
  }
}
