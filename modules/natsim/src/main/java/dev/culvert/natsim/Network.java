package dev.culvert.natsim;

import dev.culvert.natsim.Packet.Signal;
import dev.culvert.sansio.TransportAddress;
import java.net.InetAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/**
 * A network in which every address is reached directly: a LAN, a carrier's inside, or the Internet
 * as a whole. What it does not know goes to its router, if it has one.
 */
public final class Network {
  private final World world;
  private final String name;
  private final Map<InetAddress, Port> ports = new HashMap<>();
  private Optional<Port> exit = Optional.empty();
  private Optional<Port> announced = Optional.empty();
  private Predicate<InetAddress> announces = ip -> false;
  private Optional<Port> core = Optional.empty();
  private int transitHops;

  Network(World world, String name) {
    this.world = world;
    this.name = name;
  }

  /** Lets every packet that crosses this network pass that many routers that do nothing else. */
  public Network transitHops(int hops) {
    transitHops = hops;
    return this;
  }

  /**
   * Makes the network one router with these addresses: it counts as one hop and says why it drops
   * packets.
   */
  public Network routing(InetAddress... ips) {
    List<InetAddress> own = List.of(ips);
    Port port =
        new Port(
            name,
            (packet, via) -> world.tell(name, packet, "nobody listens"),
            this,
            Link.of(Duration.ZERO),
            own);
    core = Optional.of(port);
    transitHops = 1;
    add(port, own);
    return this;
  }

  /** A new host with these addresses. */
  public Host host(String hostName, Link link, InetAddress... ips) {
    Host host = new Host(world, hostName);
    host.join(this, link, ips);
    return host;
  }

  /** A new NAT with these external addresses, at least one, and a network behind it. */
  public Router nat(String natName, Link link, NatBehaviour behaviour, InetAddress... external) {
    List<InetAddress> ips = List.of(external);
    Nat nat = new Nat(behaviour, ips, world.newRandom(), false);
    return new Router(world, natName, nat, this, link, ips);
  }

  /** A new firewall without translation, and a network behind it whose addresses live here too. */
  public Router firewall(String wallName, Link link, FirewallBehaviour behaviour) {
    Router router =
        new Router(world, wallName, new Firewall(behaviour, ip -> true), this, link, List.of());
    router.inside().announce(router.outer(), ip -> true);
    return router;
  }

  /**
   * A new router, and a network behind it whose addresses live here too where its family is not
   * translated.
   *
   * @param outside its own addresses here; a NAT's external ones are those of IPv4
   */
  public Router router(
      String routerName, Link link, GatewayBehaviour behaviour, InetAddress... outside) {
    List<InetAddress> ips = List.of(outside);
    Gateway gateway = new Gateway(behaviour, ips, world.newRandom());
    Router router = new Router(world, routerName, gateway, this, link, ips);
    router.blackHole(behaviour.blackHole());
    router.inside().announce(router.outer(), behaviour::announces);
    return router;
  }

  World world() {
    return world;
  }

  String name() {
    return name;
  }

  /** Lets {@code outer} stand in its network for the addresses here that are told outside. */
  void announce(Port outer, Predicate<InetAddress> which) {
    announced = Optional.of(outer);
    announces = which;
  }

  void add(Port port, List<InetAddress> ips) {
    for (InetAddress ip : ips) {
      if (ports.putIfAbsent(ip, port) != null) {
        throw new IllegalArgumentException("two nodes in " + name + " have the same address");
      }
    }
    announced.ifPresent(
        outer -> outer.network().add(outer, ips.stream().filter(announces).toList()));
  }

  void remove(List<InetAddress> ips) {
    ips.forEach(ports::remove);
    announced.ifPresent(outer -> outer.network().remove(ips.stream().filter(announces).toList()));
  }

  /** Sends what is not for this network to {@code router}. */
  void leaveThrough(Port router) {
    exit = Optional.of(router);
  }

  boolean has(InetAddress ip) {
    return ports.containsKey(ip);
  }

  /** The largest packet that {@code from} can send toward {@code remote} without being told. */
  int mtu(Port from, InetAddress remote) {
    int own = from.link().capacity().mtu();
    Port to = ports.get(remote);
    return core.isPresent() || to == null ? own : Math.min(own, to.link().capacity().mtu());
  }

  void carry(Packet unnumbered, Port from) {
    Packet packet = world.numbered(unnumbered);
    world.crossed(from, packet, true);
    world.tell(from.name(), packet, "sent");
    if (from.isCut()) {
      world.tell(name, packet, "the line is cut");
      return;
    }
    Optional<Port> target = Optional.ofNullable(ports.get(packet.destination().ip()));
    Optional<Port> to = target.or(() -> exit).filter(port -> port != from);
    if (to.isEmpty()) {
      world.tell(name, packet, "no route");
      answer(packet, Signal.NO_ROUTE);
      return;
    }
    if (packet.ttl() <= transitHops) {
      world.tell(name, packet, "hop limit used up");
      answer(packet, Signal.TIME_EXCEEDED);
      return;
    }
    int mtu = core.isPresent() ? to.get().link().capacity().mtu() : 0xffff;
    Optional<Packet> onward = packet.fit(mtu, false);
    if (onward.isEmpty()) {
      world.tell(name, packet, "too big");
      core.ifPresent(port -> carry(packet.tooBig(mtu, own(port, packet)), port));
      return;
    }
    upward(onward.get().hopsOn(transitHops), from, to.get());
  }

  private void upward(Packet packet, Port from, Port to) {
    boolean spared = packet.protocol() == Protocol.TCP;
    if (!spared && lost(from.link(), packet)) {
      world.tell(name, packet, "lost");
      return;
    }
    OptionalLong left =
        from.up().enqueue(from.link().capacity(), packet.size(), spared, world.now());
    if (left.isEmpty()) {
      world.tell(name, packet, "the queue is full");
      return;
    }
    Duration wait = Duration.ofNanos(left.getAsLong() - world.now().nanos());
    int copies = spared ? 1 : copies(from.link());
    for (int copy = 0; copy < copies; copy++) {
      Packet one = copy == 0 ? packet : world.copied(name, packet);
      Duration delay = wait.plus(delay(from.link(), spared));
      if (to.link().capacity().bitsPerSecond() == 0) {
        downward(one, to, delay);
      } else {
        world.fly(delay, one, () -> downward(one, to, Duration.ZERO));
      }
    }
  }

  /**
   * @param before how long it takes until it gets to that line
   */
  private void downward(Packet packet, Port to, Duration before) {
    boolean spared = packet.protocol() == Protocol.TCP;
    if (!spared && lost(to.link(), packet)) {
      world.tell(name, packet, "lost");
      return;
    }
    OptionalLong left = to.down().enqueue(to.link().capacity(), packet.size(), spared, world.now());
    if (left.isEmpty()) {
      world.tell(name, packet, "the queue is full");
      return;
    }
    Duration wait = before.plusNanos(left.getAsLong() - world.now().nanos());
    int copies = spared ? 1 : copies(to.link());
    for (int copy = 0; copy < copies; copy++) {
      Packet one = copy == 0 ? packet : world.copied(name, packet);
      world.fly(wait.plus(delay(to.link(), spared)), one, () -> to.arrive(one));
    }
  }

  /** Says why a packet was dropped, if there is anybody here to say so. */
  private void answer(Packet packet, Signal signal) {
    if (packet.protocol() != Protocol.ICMP) {
      core.filter(port -> port.ips().stream().noneMatch(packet.source().ip()::equals))
          .ifPresent(port -> carry(packet.error(signal, own(port, packet)), port));
    }
  }

  private static TransportAddress own(Port port, Packet packet) {
    return port.ips().stream()
        .filter(ip -> ip.getClass() == packet.source().ip().getClass())
        .findFirst()
        .map(ip -> new TransportAddress(ip, 0))
        .orElse(packet.destination());
  }

  private Duration delay(Link link, boolean spared) {
    RandomGenerator chance = world.chance();
    if (spared) {
      return link.delay();
    }
    if (link.reordering() > 0 && chance.nextDouble() < link.reordering()) {
      return Duration.ZERO;
    }
    long most = link.jitter().toNanos();
    return most == 0 ? link.delay() : link.delay().plusNanos(chance.nextLong(most + 1));
  }

  private boolean lost(Link link, Packet packet) {
    boolean gone = false;
    for (int piece = 0; link.loss() > 0 && piece < packet.pieces(); piece++) {
      gone |= world.chance().nextDouble() < link.loss();
    }
    return gone;
  }

  private int copies(Link link) {
    return link.duplication() > 0 && world.chance().nextDouble() < link.duplication() ? 2 : 1;
  }
}
