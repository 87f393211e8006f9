package dev.culvert.lab.kernel;

import dev.culvert.lab.spec.AddressPlan;
import dev.culvert.lab.spec.Prefix;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Hands out the addresses and ranges of a plan, never one twice. */
final class AddressPool {
  private static final int FIRST_PUBLIC = 10;
  private static final int CARRIER_LENGTH = 20;
  private static final int PUBLIC_LAN_LENGTH = 29;

  private final AddressPlan plan;
  private final Set<InetAddress> taken = new HashSet<>();
  private final List<Prefix> takenRanges = new ArrayList<>();
  private int publics;
  private int publics6 = FIRST_PUBLIC;
  private int carriers;
  private int homes;
  private int publicRanges;
  private int ranges6;

  AddressPool(AddressPlan plan) {
    this.plan = plan;
    taken.add(core());
  }

  /** The Internet's own address. */
  InetAddress core() {
    return plan.internet().get(0).host(1);
  }

  /** The Internet's own IPv6 address. */
  InetAddress core6() {
    return plan.internet6().host(1);
  }

  void take(InetAddress address) {
    if (!taken.add(address)) {
      throw new IllegalArgumentException(
          "two parts of the lab have the address " + address.getHostAddress());
    }
  }

  void take(Prefix range) {
    takenRanges.add(range);
  }

  InetAddress publicAddress() {
    List<Prefix> ranges = plan.internet();
    while (true) {
      Prefix range = ranges.get(publics % ranges.size());
      InetAddress address = range.host(FIRST_PUBLIC + publics / ranges.size());
      publics++;
      if (takenRanges.stream().noneMatch(other -> other.contains(address)) && taken.add(address)) {
        return address;
      }
    }
  }

  InetAddress publicAddress6() {
    while (true) {
      InetAddress address = plan.internet6().sub(64, 0).host(publics6++);
      if (taken.add(address)) {
        return address;
      }
    }
  }

  Prefix publicRange() {
    Prefix last = plan.internet().get(plan.internet().size() - 1);
    while (true) {
      long count = 1L << Math.max(0, PUBLIC_LAN_LENGTH - last.length());
      Prefix range = last.sub(PUBLIC_LAN_LENGTH, count - 1 - publicRanges++);
      if (taken.stream().noneMatch(range::contains) && free(range)) {
        return range;
      }
    }
  }

  Prefix carrierRange() {
    while (true) {
      Prefix range = plan.carrier().sub(CARRIER_LENGTH, carriers++);
      if (free(range)) {
        return range;
      }
    }
  }

  /** 192.168.1.0 before 192.168.0.0 would be, as at most homes. */
  Prefix homeRange() {
    while (true) {
      Prefix range = plan.homes().sub(plan.homeLength(), ++homes);
      if (free(range)) {
        return range;
      }
    }
  }

  Prefix range6() {
    return plan.internet6().sub(64, ++ranges6);
  }

  private boolean free(Prefix range) {
    boolean free =
        takenRanges.stream()
            .noneMatch(other -> other.contains(range.base()) || range.contains(other.base()));
    if (free) {
      takenRanges.add(range);
    }
    return free;
  }
}
