package dev.culvert.lab.spec;

import java.util.List;

/**
 * Where a lab takes the addresses from that its hosts and routers do not name themselves.
 *
 * @param internet public IPv4 ranges; at least one
 * @param internet6 the public IPv6 range, at most /60
 * @param carrier what a NAT hands to the routers behind it (RFC 6598)
 * @param homes what a NAT hands to the hosts behind it
 * @param homeLength fixed bits of one such home network
 */
public record AddressPlan(
    List<Prefix> internet, Prefix internet6, Prefix carrier, Prefix homes, int homeLength) {

  /** Refuses families and lengths that do not fit. */
  public AddressPlan {
    internet = List.copyOf(internet);
    if (internet.isEmpty() || !internet.stream().allMatch(Prefix::isIpv4)) {
      throw new IllegalArgumentException("the Internet of a lab needs IPv4 ranges");
    }
    if (internet6.isIpv4() || internet6.length() > 60) {
      throw new IllegalArgumentException(internet6 + " is not an IPv6 range of /60 or more");
    }
    if (!carrier.isIpv4() || carrier.length() > 20) {
      throw new IllegalArgumentException(carrier + " is not an IPv4 range of /20 or more");
    }
    if (!homes.isIpv4() || homeLength < homes.length() || homeLength > 29) {
      throw new IllegalArgumentException(homes + " does not hold home networks of /" + homeLength);
    }
  }

  /**
   * Documentation addresses for the Internet, 100.64.0.0/10 for carriers, 192.168.x.0/24 at home.
   */
  public static AddressPlan usual() {
    return new AddressPlan(
        List.of(
            Prefix.parse("203.0.113.0/24"),
            Prefix.parse("198.51.100.0/24"),
            Prefix.parse("192.0.2.0/24")),
        Prefix.parse("2001:db8::/32"),
        Prefix.parse("100.64.0.0/10"),
        Prefix.parse("192.168.0.0/16"),
        24);
  }
}
