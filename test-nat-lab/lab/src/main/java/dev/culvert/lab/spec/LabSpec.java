package dev.culvert.lab.spec;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A whole lab: one Internet, routers attached to it or to each other, hosts attached to either.
 *
 * @param addresses where addresses come from that nobody names
 * @param routers in any order
 * @param hosts servers and clients alike, in any order
 * @param impairment who impairs links
 * @param seed of every random choice that is ours, such as which packet gets lost
 */
public record LabSpec(
    AddressPlan addresses,
    List<RouterSpec> routers,
    List<HostSpec> hosts,
    Impairment impairment,
    long seed) {

  /** The uplink of whatever stands in the Internet itself. */
  public static final String INTERNET = "internet";

  /** The name of the namespace that the forwarder lives in. */
  public static final String WIRE = "wire";

  private static final int MOST = 250;

  /** Refuses names that occur twice, uplinks that do not exist and routers that form a ring. */
  public LabSpec {
    routers = List.copyOf(routers);
    hosts = List.copyOf(hosts);
    if (routers.size() + hosts.size() > MOST) {
      throw new IllegalArgumentException("a lab has at most " + MOST + " hosts and routers");
    }
    Map<String, String> uplinks = new HashMap<>();
    for (RouterSpec router : routers) {
      if (uplinks.put(router.name(), router.uplink()) != null) {
        throw new IllegalArgumentException("two routers are called " + router.name());
      }
    }
    Set<String> names = new HashSet<>(uplinks.keySet());
    for (HostSpec host : hosts) {
      if (!names.add(host.name())) {
        throw new IllegalArgumentException("two hosts or routers are called " + host.name());
      }
      checkUplink(host.name(), host.uplink(), uplinks);
    }
    for (RouterSpec router : routers) {
      checkUplink(router.name(), router.uplink(), uplinks);
      Set<String> passed = new HashSet<>();
      for (String at = router.name(); at != null && !at.equals(INTERNET); at = uplinks.get(at)) {
        if (!passed.add(at)) {
          throw new IllegalArgumentException("router " + router.name() + " stands behind itself");
        }
      }
    }
  }

  /** A lab put together step by step, with the usual addresses. */
  public static LabSpecBuilder builder() {
    return new LabSpecBuilder();
  }

  static void checkName(String name) {
    if (!name.matches("[a-z][a-z0-9-]{0,11}") || name.equals(INTERNET) || name.equals(WIRE)) {
      throw new IllegalArgumentException(
          "'"
              + name
              + "' cannot be a name in a lab: a letter, then at most 11 of a-z, 0-9 and '-', but not"
              + " 'internet' or 'wire'");
    }
  }

  private static void checkUplink(String name, String uplink, Map<String, String> routers) {
    if (!uplink.equals(INTERNET) && !routers.containsKey(uplink)) {
      throw new IllegalArgumentException(
          name + " stands behind " + uplink + ", which is no router");
    }
  }
}
