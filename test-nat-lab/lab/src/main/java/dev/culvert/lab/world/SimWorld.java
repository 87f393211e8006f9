package dev.culvert.lab.world;

import dev.culvert.lab.LabException;
import dev.culvert.lab.kernel.Addressing;
import dev.culvert.lab.kernel.Topology;
import dev.culvert.lab.spec.HostSpec;
import dev.culvert.lab.spec.LabSpec;
import dev.culvert.lab.spec.LinkSpec;
import dev.culvert.lab.spec.NatBehaviour;
import dev.culvert.lab.spec.RouterSpec;
import dev.culvert.natsim.Host;
import dev.culvert.natsim.Link;
import dev.culvert.natsim.Network;
import dev.culvert.natsim.Router;
import dev.culvert.natsim.World;
import dev.culvert.sansio.MonotonicTime;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * A lab in the simulator: the same seed and the same steps give the same run, and time passes as
 * fast as the machine can tell. Machines run on its {@link #host hosts}. Used by one thread.
 */
public final class SimWorld implements LabWorld {
  private static final int LEAST_IPV6_MTU = 1280;

  private final LabSpec spec;
  private final World world;
  private final Addressing addressing;
  private final Map<String, Host> hosts = new HashMap<>();
  private final Map<String, Router> routers = new HashMap<>();
  private final Map<String, Network> networks = new HashMap<>();
  private final Map<String, Boolean> ipv6 = new HashMap<>();
  private final Map<String, Link> links = new HashMap<>();
  private final Map<String, String> uplinks = new HashMap<>();
  private final List<SimCapture> captures = new ArrayList<>();

  private SimWorld(LabSpec spec) {
    this.spec = spec;
    this.world = new World(spec.seed());
    this.addressing = Topology.of(spec).addressing();
    networks.put(LabSpec.INTERNET, world.internet().routing(addresses(LabSpec.INTERNET)));
    ipv6.put(LabSpec.INTERNET, true);
    buildBehind(LabSpec.INTERNET);
    spec.hosts().forEach(this::buildHost);
    nameAll();
  }

  /**
   * A lab as {@code spec} says, at time 0; all chance in it follows from {@link LabSpec#seed}.
   *
   * @throws IllegalArgumentException if its addresses do not suffice or collide
   */
  public static SimWorld up(LabSpec spec) {
    return new SimWorld(spec);
  }

  /** What of {@code spec} the simulator cannot do, a line each; it can do everything. */
  public static List<String> limits(LabSpec spec) {
    return List.of();
  }

  /** The simulator, for what a lab has no word for. */
  public World world() {
    return world;
  }

  /** A host, to run machines on. */
  public Host host(String name) {
    return found(hosts, name, "host");
  }

  @Override
  public WorldKind kind() {
    return WorldKind.SIM;
  }

  @Override
  public LabSpec spec() {
    return spec;
  }

  @Override
  public Map<String, List<InetAddress>> addresses() {
    return addressing.present();
  }

  @Override
  public Duration elapsed() {
    return world.now().since(new MonotonicTime(0));
  }

  @Override
  public void pass(Duration time) {
    world.run(time);
  }

  @Override
  public boolean await(BooleanSupplier done, Duration limit) {
    return world.runUntil(done, limit);
  }

  @Override
  public void reboot(String router) {
    router(router).restart();
  }

  @Override
  public void readdress(String router, Optional<InetAddress> outside) {
    Router changed = router(router);
    addressing.readdress(router, outside);
    changed.readdress(addresses(router));
    nameAll();
  }

  @Override
  public void move(String host, String uplink) {
    Host moved = host(host);
    Network network = found(networks, uplink, "router");
    addressing.move(host, uplink);
    uplinks.put(host, uplink);
    moved.leave().join(network, found(links, host, "host"), addresses(host));
    resolve(host);
    nameAll();
  }

  @Override
  public void cut(String name) {
    cut(name, true);
  }

  @Override
  public void mend(String name) {
    cut(name, false);
  }

  @Override
  public void relink(String name, LinkSpec link) {
    Link line = SimBehaviours.link(link);
    if (routers.containsKey(name)) {
      router(name).relink(line);
    } else {
      host(name).relink(line);
      links.put(name, line);
    }
  }

  @Override
  public void capture(String name, Path pcap) throws LabException {
    if (!hosts.containsKey(name)) {
      router(name);
    }
    SimCapture capture = SimCapture.to(pcap);
    captures.add(capture);
    world.tap(name, capture);
  }

  @Override
  public void close() throws LabException {
    for (SimCapture capture : captures) {
      capture.close();
    }
  }

  private void cut(String name, boolean isCut) {
    if (routers.containsKey(name)) {
      router(name).cut(isCut);
    } else {
      host(name).cut(isCut);
    }
  }

  private void buildBehind(String uplink) {
    for (RouterSpec router : spec.routers()) {
      if (router.uplink().equals(uplink)) {
        buildRouter(router);
        buildBehind(router.name());
      }
    }
  }

  private void buildRouter(RouterSpec router) {
    String name = router.name();
    NatBehaviour behaviour = router.behaviour();
    boolean small = router.link().mtu() != 0 && router.link().mtu() < LEAST_IPV6_MTU;
    boolean leadsOut =
        found(ipv6, router.uplink(), "router") && behaviour.ipv6().isPresent() && !small;
    ipv6.put(name, leadsOut);
    Router built =
        found(networks, router.uplink(), "router")
            .router(
                name,
                SimBehaviours.link(router.link()),
                SimBehaviours.gateway(behaviour, leadsOut),
                addresses(name));
    List<InetAddress> inside = new ArrayList<>(List.of(addressing.inside(name).host(1)));
    addressing.inside6(name).map(range -> range.host(1)).ifPresent(inside::add);
    built.insideAddresses(inside.toArray(InetAddress[]::new));
    routers.put(name, built);
    networks.put(name, built.inside());
  }

  private void buildHost(HostSpec host) {
    Link link = SimBehaviours.link(host.link());
    links.put(host.name(), link);
    uplinks.put(host.name(), host.uplink());
    hosts.put(
        host.name(),
        found(networks, host.uplink(), "router").host(host.name(), link, addresses(host.name())));
    resolve(host.name());
  }

  /** Has hosts behind a NAT64 find what is in IPv4 alone. */
  private void resolve(String host) {
    String uplink = found(uplinks, host, "host");
    boolean nat64 =
        spec.routers().stream()
            .anyMatch(
                router -> router.name().equals(uplink) && router.behaviour().options().nat64());
    host(host).dns64(nat64 ? Optional.of(!found(ipv6, uplink, "router")) : Optional.empty());
  }

  /** Each name stands for its first address of each family, name-2 for the second, and so on. */
  private void nameAll() {
    addresses()
        .forEach(
            (name, ips) -> {
              List<InetAddress> four = ips.stream().filter(Inet4Address.class::isInstance).toList();
              List<InetAddress> six =
                  ips.stream().filter(ip -> !(ip instanceof Inet4Address)).toList();
              for (int nth = 0; nth < Math.max(four.size(), six.size()); nth++) {
                List<InetAddress> both = new ArrayList<>();
                both.addAll(
                    four.subList(Math.min(nth, four.size()), Math.min(nth + 1, four.size())));
                both.addAll(six.subList(Math.min(nth, six.size()), Math.min(nth + 1, six.size())));
                world.names().host(nth == 0 ? name : name + "-" + (nth + 1), both);
              }
            });
  }

  private Router router(String name) {
    return found(routers, name, "router");
  }

  private InetAddress[] addresses(String name) {
    return addresses().getOrDefault(name, List.of()).toArray(InetAddress[]::new);
  }

  private static <T> T found(Map<String, T> all, String name, String what) {
    T one = all.get(name);
    if (one == null) {
      throw new IllegalArgumentException("there is no " + what + " called '" + name + "'");
    }
    return one;
  }
}
