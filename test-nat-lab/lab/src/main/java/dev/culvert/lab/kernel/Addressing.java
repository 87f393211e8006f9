package dev.culvert.lab.kernel;

import dev.culvert.lab.spec.HostSpec;
import dev.culvert.lab.spec.LabSpec;
import dev.culvert.lab.spec.Prefix;
import dev.culvert.lab.spec.RouterSpec;
import dev.culvert.sansio.IpLiterals;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Who has which address while a lab is up, in either world. The same changes in the same order give
 * the same addresses. Not thread safe.
 */
public final class Addressing {
  private final LabSpec spec;
  private final AddressPool pool;
  private final Map<String, Segment> segments;
  private final Map<String, List<InetAddress>> present = new LinkedHashMap<>();

  Addressing(
      LabSpec spec, AddressPool pool, Map<String, Segment> segments, Collection<Node> nodes) {
    this.spec = spec;
    this.pool = pool;
    this.segments = Map.copyOf(segments);
    nodes.forEach(node -> present.put(node.name, List.copyOf(node.addresses)));
  }

  /** The present addresses of each host and router, the one that its name stands for first. */
  public Map<String, List<InetAddress>> present() {
    return new LinkedHashMap<>(present);
  }

  /** The IPv4 range behind a router. */
  public Prefix inside(String router) {
    return segment(router).range;
  }

  /** The IPv6 range behind a router; empty if there is no IPv6 there. */
  public Optional<Prefix> inside6(String router) {
    return segment(router).range6;
  }

  /** Gives a host addresses in another network, or fresh ones in its own, and takes the old. */
  public List<InetAddress> move(String host, String uplink) {
    HostSpec moved =
        spec.hosts().stream()
            .filter(one -> one.name().equals(host))
            .findFirst()
            .orElseThrow(() -> new IllegalArgumentException("there is no host called " + host));
    Segment segment = segment(uplink);
    boolean ipv6 = segment.range6.isPresent() && Topology.carriesIpv6(moved.link());
    List<InetAddress> fresh = segment.fresh(pool, moved.perFamily(), ipv6);
    present.put(host, fresh);
    return fresh;
  }

  /**
   * Gives a router another outside address instead of its first, and takes the old.
   *
   * @param wanted the new one; empty for any that is free
   */
  public InetAddress readdress(String router, Optional<InetAddress> wanted) {
    RouterSpec changed =
        spec.routers().stream()
            .filter(one -> one.name().equals(router))
            .findFirst()
            .orElseThrow(() -> new IllegalArgumentException("there is no router called " + router));
    Segment segment = segment(changed.uplink());
    wanted.ifPresent(address -> check(address, segment));
    InetAddress fresh = wanted.orElseGet(() -> segment.next4(pool));
    List<InetAddress> addresses = new ArrayList<>(present.getOrDefault(router, List.of()));
    addresses.set(0, fresh);
    present.put(router, List.copyOf(addresses));
    return fresh;
  }

  private void check(InetAddress address, Segment segment) {
    String text = IpLiterals.format(address, false);
    if (address.getAddress().length != 4) {
      throw new IllegalArgumentException(text + " is not IPv4");
    }
    present.forEach(
        (name, addresses) -> {
          if (addresses.contains(address)) {
            throw new IllegalArgumentException(text + " belongs to " + name);
          }
        });
    if (segment.internet) {
      pool.take(address);
    } else if (segment.range.contains(address)) {
      segment.named.add(address);
    } else {
      throw new IllegalArgumentException(text + " is not in " + segment.range);
    }
  }

  private Segment segment(String name) {
    Segment segment = segments.get(name);
    if (segment == null) {
      throw new IllegalArgumentException("there is no router called " + name);
    }
    return segment;
  }
}
