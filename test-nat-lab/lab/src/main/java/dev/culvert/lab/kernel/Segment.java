package dev.culvert.lab.kernel;

import dev.culvert.lab.spec.Prefix;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What stands behind a router's inside interface, or in the Internet. */
final class Segment {
  final Node router;
  final boolean internet;
  final boolean translated;
  final boolean ipv4;
  final Optional<Prefix> range6;
  final Prefix range;
  final int members;
  final String bridgeAddress;
  final Set<InetAddress> named = new HashSet<>();
  private long next4 = 2;
  private long next6 = 2;

  Segment(
      Node router,
      boolean internet,
      boolean translated,
      boolean ipv4,
      Optional<Prefix> range6,
      Prefix range,
      int members,
      String bridgeAddress) {
    this.router = router;
    this.internet = internet;
    this.translated = translated;
    this.ipv4 = ipv4;
    this.range6 = range6;
    this.range = range;
    this.members = members;
    this.bridgeAddress = bridgeAddress;
  }

  /** So many addresses of each family that the segment has. */
  List<InetAddress> fresh(AddressPool pool, int perFamily, boolean ipv6) {
    List<InetAddress> addresses = new ArrayList<>();
    for (int i = 0; ipv4 && i < perFamily; i++) {
      addresses.add(next4(pool));
    }
    for (int i = 0; ipv6 && i < perFamily; i++) {
      addresses.add(next6(pool));
    }
    return addresses;
  }

  InetAddress next4(AddressPool pool) {
    if (internet) {
      return pool.publicAddress();
    }
    while (next4 < range.size() - 1) {
      InetAddress address = range.host(next4++);
      if (!named.contains(address)) {
        return address;
      }
    }
    throw new IllegalArgumentException("the range " + range + " is too small for its hosts");
  }

  InetAddress next6(AddressPool pool) {
    if (internet) {
      return pool.publicAddress6();
    }
    InetAddress address = range6.orElseThrow().host(next6++);
    while (named.contains(address)) {
      address = range6.orElseThrow().host(next6++);
    }
    return address;
  }
}
