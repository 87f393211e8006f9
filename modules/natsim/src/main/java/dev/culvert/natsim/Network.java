package dev.culvert.natsim;

import dev.culvert.sansio.MonotonicTime;
import java.net.InetAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

  /** A new host with these addresses. */
  public Host host(String hostName, Link link, InetAddress... ips) {
    Host host = new Host(world, hostName);
    host.join(this, link, ips);
    return host;
  }

  /** A new NAT with these external addresses, at least one, and a network behind it. */
  public Router nat(String natName, Link link, NatBehaviour behaviour, InetAddress... external) {
    List<InetAddress> ips = List.of(external);
    Nat nat = new Nat(behaviour, ips, world.newRandom());
    return new Router(
        world, natName, nat, new Network(world, natName + " inside"), this, link, ips);
  }

  /** A new firewall without translation, and a network behind it whose addresses live here too. */
  public Router firewall(String wallName, Link link, FirewallBehaviour behaviour) {
    Network inside = new Network(world, wallName + " inside");
    Router router =
        new Router(world, wallName, new Firewall(behaviour), inside, this, link, List.of());
    inside.announced = Optional.of(router.outer());
    return router;
  }

  void add(Port port, List<InetAddress> ips) {
    for (InetAddress ip : ips) {
      if (ports.putIfAbsent(ip, port) != null) {
        throw new IllegalArgumentException("two nodes in " + name + " have the same address");
      }
    }
    announced.ifPresent(outer -> outer.network().add(outer, ips));
  }

  /** Sends what is not for this network to {@code router}. */
  void leaveThrough(Port router) {
    exit = Optional.of(router);
  }

  boolean has(InetAddress ip) {
    return ports.containsKey(ip);
  }

  void carry(Packet packet, Port from) {
    world.tell(from.name(), packet, "sent");
    Optional<Port> target = Optional.ofNullable(ports.get(packet.destination().ip()));
    Optional<Port> to = target.or(() -> exit).filter(port -> !port.equals(from));
    if (to.isEmpty()) {
      world.tell(name, packet, "no route");
      return;
    }
    if (packet.ttl() <= transitHops) {
      world.tell(name, packet, "hop limit used up");
      return;
    }
    Packet onward = packet;
    for (int hop = 0; hop < transitHops; hop++) {
      onward = onward.oneHopOn();
    }
    RandomGenerator chance = world.chance();
    boolean spared = packet.protocol() == Protocol.TCP;
    if (!spared && (lost(from.link(), chance) || lost(to.get().link(), chance))) {
      world.tell(name, packet, "lost");
      return;
    }
    deliver(onward, from, to.get(), spared);
    if (!spared && (doubled(from.link(), chance) || doubled(to.get().link(), chance))) {
      deliver(onward, from, to.get(), false);
    }
  }

  private void deliver(Packet packet, Port from, Port to, boolean spared) {
    Duration delay = from.link().delay().plus(to.link().delay());
    if (!spared) {
      delay = delay.plus(jitter(from.link())).plus(jitter(to.link()));
    }
    MonotonicTime when = world.now().plus(delay);
    world.at(when, () -> to.arrive(packet));
  }

  private Duration jitter(Link link) {
    long most = link.jitter().toNanos();
    return most == 0 ? Duration.ZERO : Duration.ofNanos(world.chance().nextLong(most + 1));
  }

  private static boolean lost(Link link, RandomGenerator chance) {
    return link.loss() > 0 && chance.nextDouble() < link.loss();
  }

  private static boolean doubled(Link link, RandomGenerator chance) {
    return link.duplication() > 0 && chance.nextDouble() < link.duplication();
  }
}
