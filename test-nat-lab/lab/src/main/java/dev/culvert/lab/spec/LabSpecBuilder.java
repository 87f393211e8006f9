package dev.culvert.lab.spec;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Puts a {@link LabSpec} together. Unless servers are named, there are {@code s1} with two
 * addresses of each family, as RFC 5780 needs them, and {@code s2} with one. Not thread safe.
 */
public final class LabSpecBuilder {
  private final Map<String, RouterSpec> routers = new LinkedHashMap<>();
  private final Map<String, HostSpec> hosts = new LinkedHashMap<>();
  private final List<HostSpec> servers = new ArrayList<>();
  private AddressPlan addresses = AddressPlan.usual();
  private Impairment impairment = Impairment.AUTOMATIC;
  private long seed;

  LabSpecBuilder() {}

  /** Takes unnamed addresses from {@code plan}. */
  public LabSpecBuilder addresses(AddressPlan plan) {
    addresses = plan;
    return this;
  }

  /** Leaves impaired links to {@code choice}. */
  public LabSpecBuilder impairment(Impairment choice) {
    impairment = choice;
    return this;
  }

  /** Draws losses and jitter from {@code value}. */
  public LabSpecBuilder seed(long value) {
    seed = value;
    return this;
  }

  /** A server in the Internet with so many addresses of each family; replaces s1 and s2. */
  public LabSpecBuilder server(String name, int perFamily) {
    servers.add(new HostSpec(name, LabSpec.INTERNET, List.of(), perFamily, LinkSpec.PERFECT));
    return this;
  }

  /** A server in the Internet with these addresses; replaces s1 and s2. */
  public LabSpecBuilder server(String name, List<InetAddress> itsAddresses) {
    servers.add(new HostSpec(name, LabSpec.INTERNET, itsAddresses, 1, LinkSpec.PERFECT));
    return this;
  }

  /** A host as it stands. */
  public LabSpecBuilder host(HostSpec host) {
    if (hosts.putIfAbsent(host.name(), host) != null) {
      throw new IllegalArgumentException("two hosts are called " + host.name());
    }
    return this;
  }

  /** A router as it stands. */
  public LabSpecBuilder router(RouterSpec router) {
    if (routers.putIfAbsent(router.name(), router) != null) {
      throw new IllegalArgumentException("two routers are called " + router.name());
    }
    return this;
  }

  /**
   * A host behind routers of its own as the profile says; a shared outermost router is made for the
   * first host that asks for it.
   */
  public LabSpecBuilder home(String name, Profile profile) {
    String uplink = LabSpec.INTERNET;
    List<NatBehaviour> chain = profile.routers();
    for (int i = chain.size() - 1; i >= 0; i--) {
      boolean shared = profile.shared() && i == chain.size() - 1;
      String router = shared ? "cgn" : i == 0 ? name + "-nat" : name + "-nat" + (i + 1);
      RouterSpec spec = RouterSpec.of(router, uplink, chain.get(i));
      RouterSpec earlier = routers.get(router);
      if (!shared || earlier == null) {
        router(spec);
      } else if (!earlier.equals(spec)) {
        throw new IllegalArgumentException(
            "hosts behind one carrier NAT need the same kind of it; " + name + " asks for another");
      }
      uplink = router;
    }
    return host(HostSpec.of(name, uplink));
  }

  /**
   * A host as a person writes it: a profile, as {@link Profile#parse} reads it, or {@code same:a}
   * for a host beside {@code a} in its home.
   *
   * @throws IllegalArgumentException with one line for people
   */
  public LabSpecBuilder home(String name, String text) {
    if (!text.startsWith("same:")) {
      return home(name, Profile.parse(text));
    }
    HostSpec neighbour = hosts.get(text.substring("same:".length()));
    if (neighbour == null) {
      throw new IllegalArgumentException(
          name + " cannot share the home of '" + text.substring(5) + "': no such host before it");
    }
    return host(HostSpec.of(name, neighbour.uplink()));
  }

  /**
   * Sets the line of a host, server or router. For a host in a home of its own that is the line of
   * the home to its uplink; for a host that shares its home, the host's own.
   *
   * @throws IllegalArgumentException if there is none of that name
   */
  public LabSpecBuilder link(String name, LinkSpec link) {
    HostSpec host = hosts.get(name);
    if (host != null) {
      long there = hosts.values().stream().filter(h -> h.uplink().equals(host.uplink())).count();
      RouterSpec home = there == 1 ? routers.get(host.uplink()) : null;
      if (home == null) {
        hosts.put(name, host.withLink(link));
      } else {
        routers.put(home.name(), home.withLink(link));
      }
      return this;
    }
    RouterSpec router = routers.get(name);
    if (router != null) {
      routers.put(name, router.withLink(link));
      return this;
    }
    addUsualServers();
    for (int i = 0; i < servers.size(); i++) {
      if (servers.get(i).name().equals(name)) {
        servers.set(i, servers.get(i).withLink(link));
        return this;
      }
    }
    throw new IllegalArgumentException("there is no host or router called '" + name + "'");
  }

  /** Every name that {@link #link} knows so far. */
  public Set<String> names() {
    Set<String> names = new TreeSet<>(hosts.keySet());
    names.addAll(routers.keySet());
    servers.forEach(server -> names.add(server.name()));
    return names;
  }

  /** Sets the address ranges of a router made by {@link #home}. */
  public LabSpecBuilder routerAddresses(
      String name, Optional<InetAddress> outside, Optional<Prefix> inside) {
    RouterSpec router = routers.get(name);
    if (router == null) {
      throw new IllegalArgumentException("there is no router called '" + name + "'");
    }
    routers.put(
        name,
        new RouterSpec(name, router.uplink(), router.behaviour(), outside, inside, router.link()));
    return this;
  }

  /** The lab. */
  public LabSpec build() {
    addUsualServers();
    List<HostSpec> all = new ArrayList<>(servers);
    all.addAll(hosts.values());
    return new LabSpec(addresses, List.copyOf(routers.values()), all, impairment, seed);
  }

  private void addUsualServers() {
    if (servers.isEmpty()) {
      server("s1", 2);
      server("s2", 1);
    }
  }
}
