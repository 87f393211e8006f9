package dev.culvert.punch;

import dev.culvert.natsim.FirewallBehaviour;
import dev.culvert.natsim.Host;
import dev.culvert.natsim.Link;
import dev.culvert.natsim.NatBehaviour;
import dev.culvert.natsim.Network;
import dev.culvert.natsim.World;
import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.IpLiterals;
import dev.culvert.sansio.MonotonicTime;
import dev.culvert.sansio.TransportAddress;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Random;

/** Two peers behind what a test wants, who look at their NATs and then punch. */
final class SimPair {
  static final TransportAddress STUN = new TransportAddress(ip("203.0.113.10"), 3478);
  static final Bytes KEY = Bytes.utf8("a key that only the two of them know");

  final World world;
  final SimPuncher a;
  final SimPuncher b;
  final SimKind one;
  final SimKind other;
  MonotonicTime start = new MonotonicTime(0);

  SimPair(SimKind one, SimKind other, long seed, Link line) {
    this.one = one;
    this.other = other;
    this.world = new World(seed);
    world
        .internet()
        .host("stun", Link.of(Duration.ofMillis(5)), STUN.ip())
        .run(new SimReflector(STUN), event -> {});
    this.a = peer(1, one, line);
    this.b = peer(2, other, line);
  }

  static InetAddress ip(String text) {
    return IpLiterals.parse(text).orElseThrow();
  }

  private SimPuncher peer(int number, SimKind kind, Link line) {
    InetAddress outside = ip("198.51.100." + number);
    Link inside = Link.of(Duration.ofMillis(1));
    return switch (kind.box()) {
      case OPEN ->
          new SimPuncher(world, host(number, world.internet(), line, outside), outside, STUN);
      case FIREWALL -> {
        Network behind =
            world
                .internet()
                .firewall("wall" + number, line, FirewallBehaviour.of(kind.simFiltering()))
                .inside();
        yield new SimPuncher(world, host(number, behind, inside, outside), outside, STUN);
      }
      case NAT -> {
        NatBehaviour behaviour =
            NatBehaviour.of(kind.simMapping(), kind.simFiltering())
                .ports(kind.ports())
                .neighbours(kind.neighbours());
        if (world.seed() % 2 == 0) {
          behaviour = behaviour.filteringPerMapping();
        }
        Network behind = world.internet().nat("nat" + number, line, behaviour, outside).inside();
        InetAddress own = ip("192.168." + number + ".2");
        yield new SimPuncher(world, host(number, behind, inside, own), own, STUN);
      }
    };
  }

  private static Host host(int number, Network network, Link link, InetAddress ip) {
    return network.host("host" + number, link, ip);
  }

  /** Both look, tell each other, and begin. */
  SimPair punch(PunchConfig config) {
    if (!world.runUntil(() -> a.hasLooked() && b.hasLooked(), Duration.ofSeconds(30))) {
      throw new AssertionError("no server answered, seed " + world.seed());
    }
    Random random = new Random(world.seed());
    Duration telling = Duration.ofMillis(20 + random.nextInt(300));
    Duration skew = Duration.ofMillis(random.nextInt(30));
    start = world.now().plus(telling);
    NatTraits first = a.traits(one.mapping(), one.filtering(), start);
    NatTraits second = b.traits(other.mapping(), other.filtering(), start);
    PunchSecret secret = PunchSecret.of(KEY, 1);
    world.run(telling.minusMillis(10));
    a.punch(PunchPlan.choose(first, second), config, secret, true, start);
    b.punch(PunchPlan.choose(second, first), config, secret, false, start.plus(skew));
    return this;
  }

  /** Whether both have said what became of it within the time that an attempt may take. */
  boolean settle() {
    return world.runUntil(() -> !a.events.isEmpty() && !b.events.isEmpty(), Duration.ofSeconds(60));
  }

  boolean isOpen() {
    return a.opened().isPresent() && b.opened().isPresent();
  }

  /** How long it took from the agreed start until both knew. */
  Duration took() {
    return world.now().since(start);
  }
}
