package dev.culvert.lab.kernel;

import dev.culvert.lab.spec.HostSpec;
import dev.culvert.lab.spec.LabSpec;
import dev.culvert.lab.spec.LinkSpec;
import dev.culvert.lab.spec.NatBehaviour;
import dev.culvert.lab.spec.Prefix;
import dev.culvert.lab.spec.RouterSpec;
import dev.culvert.lab.spec.TcpBehaviour;
import dev.culvert.sansio.IpLiterals;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Decides every address and route of a lab. The Internet is one router: whatever stands in it has a
 * line of its own to it and addresses of its own, so that small MTUs and hop counts are honest.
 */
public final class Topology {
  private static final int LEAST_IPV6_MTU = 1280;
  private static final String GATEWAY6 = "fe80::1";

  /** A cable, and which interface and hardware address the upper end has for IP. */
  private record Plug(Cable cable, String upper, String upperAddress) {}

  /** Ranges that a router's uplinks must route to it. */
  private static final class Routed {
    final List<Prefix> ranges = new ArrayList<>();
  }

  private final LabSpec spec;
  private final AddressPool pool;
  private final List<Node> nodes = new ArrayList<>();
  private final List<Cable> cables = new ArrayList<>();
  private final Map<String, Segment> segments = new LinkedHashMap<>();
  private final Map<String, Integer> numbers = new HashMap<>();
  private final boolean changeable;
  private final Map<String, List<InetAddress>> present;

  private Topology(LabSpec spec, boolean changeable, Map<String, List<InetAddress>> present) {
    this.spec = spec;
    this.pool = new AddressPool(spec.addresses());
    this.changeable = changeable;
    this.present = present;
    spec.hosts().forEach(host -> numbers.put(host.name(), numbers.size()));
    spec.routers().forEach(router -> numbers.put(router.name(), numbers.size()));
  }

  /**
   * The layout of {@code spec}.
   *
   * @throws IllegalArgumentException if its addresses do not suffice or collide
   */
  public static Layout of(LabSpec spec) {
    return new Topology(spec, false, Map.of()).lay();
  }

  /** The same for a lab whose lines and hosts may be changed while it runs. */
  static Layout changeable(LabSpec spec) {
    return new Topology(spec, true, Map.of()).lay();
  }

  /**
   * What {@link #changeable} has become.
   *
   * @param spec how everything is connected now
   * @param present the addresses that everything has now
   */
  static Layout changed(LabSpec spec, Map<String, List<InetAddress>> present) {
    return new Topology(spec, true, present).lay();
  }

  private Layout lay() {
    spec.hosts().stream()
        .filter(host -> host.uplink().equals(LabSpec.INTERNET))
        .forEach(host -> named(host).forEach(pool::take));
    spec.routers().stream()
        .filter(router -> router.uplink().equals(LabSpec.INTERNET))
        .forEach(router -> named(router).forEach(pool::take));
    spec.routers().forEach(router -> router.inside().ifPresent(pool::take));
    Node core = new Node(LabSpec.INTERNET, true);
    nodes.add(core);
    core.addresses.add(pool.core());
    core.addresses.add(pool.core6());
    core.ip4.add("addr add " + text(pool.core()) + "/32 dev lo");
    core.ip6.add("addr add " + text(pool.core6()) + "/128 dev lo nodad");
    Segment segment =
        new Segment(
            core,
            true,
            false,
            true,
            Optional.of(spec.addresses().internet6()),
            spec.addresses().internet().get(0),
            Integer.MAX_VALUE,
            "");
    fill(LabSpec.INTERNET, segment);
    return new Layout(nodes, cables, new Addressing(spec, pool, segments, nodes), changeable);
  }

  private Routed fill(String uplink, Segment segment) {
    segments.put(uplink, segment);
    Routed routed = new Routed();
    for (HostSpec host : spec.hosts()) {
      if (host.uplink().equals(uplink)) {
        placeHost(host, segment);
      }
    }
    for (RouterSpec router : spec.routers()) {
      if (router.uplink().equals(uplink)) {
        routed.ranges.addAll(placeRouter(router, segment).ranges);
      }
    }
    return routed;
  }

  private void placeHost(HostSpec host, Segment segment) {
    Node node = new Node(host.name(), false);
    nodes.add(node);
    boolean ipv6 = segment.range6.isPresent() && carriesIpv6(host.link());
    List<InetAddress> addresses = new ArrayList<>(named(host));
    if (addresses.isEmpty()) {
      addresses.addAll(segment.fresh(pool, host.perFamily(), ipv6));
    }
    Plug plug = plug(node, "eth0", segment, host.link());
    linkLocal(node, plug, segment, ipv6);
    for (InetAddress address : addresses) {
      node.addresses.add(address);
      if (address.getAddress().length == 4) {
        address4(node, plug, address, segment);
      } else if (ipv6) {
        address6(node, plug, address, segment);
      }
    }
  }

  private Routed placeRouter(RouterSpec router, Segment segment) {
    NatBehaviour behaviour = router.behaviour();
    Node node = new Node(router.name(), true);
    nodes.add(node);
    boolean ipv6 =
        segment.range6.isPresent() && behaviour.ipv6().isPresent() && carriesIpv6(router.link());
    if (!segment.ipv4) {
      throw new IllegalArgumentException(
          router.name() + " stands behind a NAT64, where there is no IPv4 for it");
    }
    node.addresses.addAll(named(router));
    while (node.addresses.size() < Math.max(1, behaviour.options().pool().addresses())) {
      node.addresses.add(segment.next4(pool));
    }
    InetAddress outside = node.addresses.get(0);
    Prefix range = router.inside().orElseGet(() -> insideRange(router, segment));
    Optional<Prefix> range6 =
        ipv6 || behaviour.options().nat64() ? Optional.of(pool.range6()) : Optional.empty();
    Plug plug = plug(node, "wan", segment, router.link());
    String own6 = linkLocal(node, plug, segment, ipv6);
    node.addresses.forEach(address -> address4(node, plug, address, segment));
    node.timeouts = timeouts(behaviour);

    int members = members(router.name());
    String bridgeAddress = Cable.hardware(number(router.name()), 3);
    if (changeable || members != 1) {
      node.ip4.add(
          "link add name lan address "
              + bridgeAddress
              + " type bridge stp_state 0 forward_delay 0");
    }
    node.ip4.add("link set dev lan up");
    node.ip4.add("addr add " + text(range.host(1)) + "/" + range.length() + " dev lan");
    node.ip6.add("addr add " + GATEWAY6 + "/64 dev lan nodad");
    range6.ifPresent(
        prefix -> node.ip6.add("addr add " + text(prefix.host(1)) + "/64 dev lan nodad"));

    boolean translated = segment.translated || behaviour.translates();
    Segment below =
        new Segment(
            node,
            false,
            translated,
            !behaviour.options().nat64(),
            range6,
            range,
            members,
            bridgeAddress);
    spec.hosts().forEach(host -> below.named.addAll(named(host)));
    spec.routers().forEach(other -> below.named.addAll(named(other)));
    Routed deeper = fill(router.name(), below);
    List<Prefix> sources = new ArrayList<>(List.of(range));
    deeper.ranges.stream().filter(Prefix::isIpv4).forEach(sources::add);
    node.rules = RouterRules.of(behaviour, node.addresses, sources);

    Routed upwards = new Routed();
    if (!behaviour.translates()) {
      upwards.ranges.addAll(sources);
    }
    range6.filter(any -> ipv6).ifPresent(upwards.ranges::add);
    deeper.ranges.stream().filter(prefix -> !prefix.isIpv4()).forEach(upwards.ranges::add);
    for (Prefix prefix : upwards.ranges) {
      if (prefix.isIpv4()) {
        segment.router.ip4.add(
            "route add " + prefix + " via " + text(outside) + " dev " + plug.upper);
      } else {
        segment.router.ip6.add("route add " + prefix + " via " + own6 + " dev " + plug.upper);
      }
    }
    return upwards;
  }

  private Plug plug(Node node, String device, Segment segment, LinkSpec link) {
    Node router = segment.router;
    boolean bridged = !segment.internet && (changeable || segment.members > 1);
    String port = segment.internet || bridged ? "to-" + node.name : "lan";
    Cable cable = new Cable(number(node.name), node.name, device, router.name, port, link);
    cables.add(cable);
    node.ip4.add("link set dev " + device + " up");
    router.ip4.add("link set dev " + port + (bridged ? " master lan up" : " up"));
    if (segment.internet && carriesIpv6(link)) {
      router.ip6.add("addr add " + GATEWAY6 + "/64 dev " + port + " nodad");
    }
    return bridged
        ? new Plug(cable, "lan", segment.bridgeAddress)
        : new Plug(cable, port, cable.upperAddress());
  }

  private String linkLocal(Node node, Plug plug, Segment segment, boolean ipv6) {
    String own = "fe80::" + Integer.toHexString(number(node.name) + 2);
    if (ipv6) {
      String device = plug.cable.device();
      node.ip6.add("addr add " + own + "/64 dev " + device + " nodad");
      node.ip6.add("route add default via " + GATEWAY6 + " dev " + device);
      know(node.ip6, GATEWAY6, plug.upperAddress, device, plug);
      know(segment.router.ip6, own, plug.cable.address(), plug.upper, plug);
      if (device.equals("wan") && !segment.internet) {
        address6(node, plug, segment.next6(pool), segment);
      }
    }
    return own;
  }

  private void address6(Node node, Plug plug, InetAddress address, Segment segment) {
    String length = segment.internet ? "/128" : "/64";
    node.ip6.add("addr add " + text(address) + length + " dev " + plug.cable.device() + " nodad");
    if (segment.internet) {
      segment.router.ip6.add("route add " + text(address) + "/128 dev " + plug.upper);
    }
    know(segment.router.ip6, text(address), plug.cable.address(), plug.upper, plug);
  }

  private void address4(Node node, Plug plug, InetAddress address, Segment segment) {
    String device = plug.cable.device();
    boolean first = node.ip4.stream().noneMatch(line -> line.startsWith("route add default"));
    String gateway = text(segment.internet ? pool.core() : segment.range.host(1));
    if (segment.internet) {
      node.ip4.add("addr add " + text(address) + "/32 dev " + device);
      segment.router.ip4.add(
          "route add " + text(address) + "/32 dev " + plug.upper + " src " + gateway);
    } else if (segment.range.contains(address)) {
      node.ip4.add("addr add " + text(address) + "/" + segment.range.length() + " dev " + device);
    } else {
      throw new IllegalArgumentException(
          node.name + " has " + text(address) + ", but its router serves " + segment.range);
    }
    if (first) {
      if (segment.internet) {
        node.ip4.add("route add " + gateway + "/32 dev " + device);
      }
      node.ip4.add("route add default via " + gateway + " dev " + device + " src " + text(address));
      know(node.ip4, gateway, plug.upperAddress, device, plug);
    }
    know(segment.router.ip4, text(address), plug.cable.address(), plug.upper, plug);
  }

  /**
   * Across an impaired link, looking up a neighbour would cost a round trip, or get lost; a cut one
   * would be noticed and told to others.
   */
  private void know(
      List<String> commands, String address, String hardware, String device, Plug plug) {
    if (changeable || plug.cable.link().impaired()) {
      commands.add(
          "neigh replace " + address + " lladdr " + hardware + " dev " + device + " nud permanent");
    }
  }

  /** How long the kernel itself remembers (RFC 4787 REQ-5, RFC 5382 REQ-5). */
  private static Map<String, Long> timeouts(NatBehaviour behaviour) {
    Map<String, Long> timeouts = new LinkedHashMap<>();
    for (String state : List.of("udp_timeout", "udp_timeout_stream")) {
      timeouts.put(state, behaviour.timeout().toSeconds());
    }
    TcpBehaviour tcp = behaviour.options().tcp();
    timeouts.put("tcp_timeout_established", tcp.established().toSeconds());
    for (String state : List.of("syn_sent", "syn_recv", "fin_wait", "close_wait", "last_ack")) {
      timeouts.put("tcp_timeout_" + state, tcp.transitory().toSeconds());
    }
    return timeouts;
  }

  private Prefix insideRange(RouterSpec router, Segment segment) {
    if (!router.behaviour().translates() && !segment.translated) {
      return pool.publicRange();
    }
    boolean carrier =
        router.behaviour().translates()
            && spec.routers().stream().anyMatch(other -> other.uplink().equals(router.name()));
    return carrier ? pool.carrierRange() : pool.homeRange();
  }

  private List<InetAddress> named(HostSpec host) {
    return present.getOrDefault(host.name(), host.addresses());
  }

  private List<InetAddress> named(RouterSpec router) {
    return present.getOrDefault(router.name(), router.outside().stream().toList());
  }

  /** The same in whatever order everything is placed. */
  private int number(String name) {
    return numbers.getOrDefault(name, -1);
  }

  private int members(String router) {
    return (int)
        (spec.hosts().stream().filter(host -> host.uplink().equals(router)).count()
            + spec.routers().stream().filter(other -> other.uplink().equals(router)).count());
  }

  static boolean carriesIpv6(LinkSpec link) {
    return link.mtu() == 0 || link.mtu() >= LEAST_IPV6_MTU;
  }

  private static String text(InetAddress address) {
    return IpLiterals.format(address, false);
  }
}
