package dev.culvert.detect;

import dev.culvert.detect.PortAllocation.Pattern;
import dev.culvert.natsim.Capacity;
import dev.culvert.natsim.Dependence;
import dev.culvert.natsim.FirewallBehaviour;
import dev.culvert.natsim.Host;
import dev.culvert.natsim.Link;
import dev.culvert.natsim.NatBehaviour;
import dev.culvert.natsim.NatBehaviour.Trait;
import dev.culvert.natsim.Network;
import dev.culvert.natsim.PortRule;
import dev.culvert.natsim.Router;
import dev.culvert.natsim.World;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * A whole world drawn from one number: NATs and firewalls, links, servers, and in every third one a
 * fault in the middle. {@code tools/soak FIRST COUNT} runs as many of them as one likes.
 */
final class VirtualSoak {
  private static final InetAddress A1 = VirtualRun.ip("203.0.113.1");
  private static final InetAddress A2 = VirtualRun.ip("203.0.113.2");
  private static final InetAddress B1 = VirtualRun.ip("203.0.113.11");
  private static final InetAddress B2 = VirtualRun.ip("203.0.113.12");
  private static final List<Dependence> DEPENDENCES = List.of(Dependence.values());

  /** What a check takes to read its sockets once more when its time is up. */
  private static final Duration READING = Duration.ofMillis(5);

  private static final Duration SLACK = Duration.ofSeconds(30);

  private final long seed;
  private final SplittableRandom dice;
  private final World world;
  private final List<NatBehaviour> nats = new ArrayList<>();
  private final List<Router> routers = new ArrayList<>();
  private final StringBuilder story = new StringBuilder();
  private Optional<FirewallBehaviour> wall = Optional.empty();
  private boolean smallPackets;
  private boolean faulty;

  private VirtualSoak(long seed) {
    this.seed = seed;
    this.dice = new SplittableRandom(seed);
    this.world = new World(seed);
  }

  /**
   * Runs many worlds and says how it went.
   *
   * @param args the first seed, and how many
   */
  public static void main(String[] args) {
    long first = Long.parseLong(args[0]);
    long count = Long.parseLong(args[1]);
    int failed = 0;
    for (long seed = first; seed < first + count; seed++) {
      Optional<String> failure = failure(seed);
      if (failure.isPresent()) {
        failed++;
        System.out.println(failure.get());
      }
      if ((seed - first + 1) % 1000 == 0) {
        System.out.println((seed - first + 1) + " worlds, " + failed + " failed");
      }
    }
    System.out.println(count + " worlds, " + failed + " failed");
    System.exit(failed == 0 ? 0 : 1);
  }

  /** What is wrong in the world of that number, and how to see it again; empty if nothing is. */
  static Optional<String> failure(long seed) {
    VirtualSoak soak = new VirtualSoak(seed);
    try {
      soak.run();
      return Optional.empty();
    } catch (RuntimeException | AssertionError e) {
      return Optional.of(
          "seed " + seed + " failed; rerun it with: tools/soak " + seed + " 1\n" + soak.story + e);
    }
  }

  private void run() {
    Host server = world.internet().host("server", serverLink(), A1, A2);
    boolean streams = dice.nextInt(4) == 0;
    VirtualServer.on(server, VirtualServer.Kind.HONEST, streams, A1, A2);
    List<DetectServer> servers = new ArrayList<>();
    servers.add(DetectServer.of("203.0.113.1", VirtualServer.P1));
    if (dice.nextBoolean()) {
      VirtualServer.Kind kind = any(List.of(VirtualServer.Kind.values()));
      Host second = world.internet().host("second", serverLink(), B1, B2);
      VirtualServer.on(second, kind, false, B1, B2);
      servers.add(dice.nextInt(servers.size() + 1), DetectServer.of("203.0.113.11", 3478));
      say("second server " + kind);
    }
    Network edge = edge();
    Link line = clientLink();
    say("client " + line);
    boolean inside = !nats.isEmpty();
    Host client = edge.host("client", line, VirtualRun.ip(inside ? "192.168.1.2" : "198.51.100.2"));
    faults(server, client);
    NatReport report = detect(client, DetectConfig.of(servers));
    if (!faulty) {
      report.path(IpFamily.IPV4).ifPresent(this::judge);
    }
  }

  private NatReport detect(Host client, DetectConfig config) {
    List<NatReport> reports = new ArrayList<>();
    client.run(
        new DetectMachine(config, world.newRandom()),
        event -> {
          if (event instanceof DetectEvent.Finished finished) {
            reports.add(finished.report());
          }
        });
    world.runUntil(() -> !reports.isEmpty(), config.deadline().plus(SLACK));
    NatReport report =
        reports.stream().findFirst().orElseThrow(() -> new AssertionError("no report"));
    if (report.elapsed().compareTo(config.deadline().plus(READING)) > 0) {
      throw new AssertionError("it took " + report.elapsed() + " of " + config.deadline());
    }
    return report;
  }

  private Network edge() {
    int shape = dice.nextInt(10);
    Network edge = world.internet();
    if (dice.nextBoolean()) {
      edge.transitHops(dice.nextInt(12));
    }
    if (shape < 2) {
      FirewallBehaviour behaviour =
          shape == 0 ? FirewallBehaviour.of(any(DEPENDENCES)) : FirewallBehaviour.passing();
      wall = Optional.of(behaviour);
      say("firewall " + behaviour);
      return edge.firewall("wall", Link.of(Duration.ofMillis(2)), behaviour).inside();
    }
    int layers = shape < 8 ? 1 : 2;
    for (int layer = 0; layer < layers; layer++) {
      NatBehaviour behaviour = nat();
      nats.add(behaviour);
      say("nat " + behaviour);
      Router router =
          edge.nat(
              "nat" + layer,
              Link.of(Duration.ofMillis(1 + dice.nextInt(5))),
              behaviour,
              ips(layer));
      routers.add(router);
      edge = router.inside();
    }
    return edge;
  }

  private InetAddress[] ips(int layer) {
    String net = layer == 0 ? "198.51.100." : "100.64.0.";
    InetAddress[] ips = new InetAddress[1 + dice.nextInt(3)];
    for (int i = 0; i < ips.length; i++) {
      ips[i] = VirtualRun.ip(net + (10 + i));
    }
    return ips;
  }

  private NatBehaviour nat() {
    PortRule rule =
        switch (dice.nextInt(4)) {
          case 0 -> PortRule.preserving();
          case 1 -> PortRule.sequential(1 + dice.nextInt(4));
          case 2 -> PortRule.sequential(-1 - dice.nextInt(4));
          default -> PortRule.random();
        };
    if (dice.nextInt(4) == 0) {
      int low = 1024 + dice.nextInt(50_000);
      rule = rule.within(low, low + 500 + dice.nextInt(10_000));
    }
    if (dice.nextInt(5) == 0) {
      rule = rule.inBlocks(64 << dice.nextInt(3));
    }
    if (dice.nextInt(5) == 0 && rule.order() != PortRule.Order.SEQUENTIAL) {
      rule = rule.keepingParity();
    }
    NatBehaviour nat =
        NatBehaviour.of(any(DEPENDENCES), any(DEPENDENCES))
            .ports(rule)
            .timeout(Duration.ofSeconds(30 + dice.nextInt(270)));
    for (Trait trait : Trait.values()) {
      int odds = trait == Trait.HAIRPINS || trait == Trait.FILTERS_PER_MAPPING ? 2 : 6;
      nat = nat.with(trait, dice.nextInt(odds) == 0);
    }
    return dice.nextInt(6) == 0 ? nat.neighbours(1 + dice.nextInt(100)) : nat;
  }

  private Link serverLink() {
    return Link.of(Duration.ofMillis(1 + dice.nextInt(80)));
  }

  private Link clientLink() {
    Link link = Link.of(Duration.ofMillis(1 + dice.nextInt(20)));
    if (dice.nextInt(3) == 0) {
      link = link.losing(dice.nextDouble() * 0.25);
    }
    if (dice.nextInt(3) == 0) {
      link = link.jittering(Duration.ofMillis(dice.nextInt(20)));
    }
    if (dice.nextInt(3) == 0) {
      link = link.duplicating(dice.nextDouble() * 0.1);
    }
    if (dice.nextInt(3) == 0) {
      link = link.reordering(dice.nextDouble() * 0.1);
    }
    Capacity capacity = Capacity.ETHERNET;
    if (dice.nextInt(4) == 0) {
      capacity = capacity.withRate(200_000L << dice.nextInt(8)).withQueue(20 + dice.nextInt(200));
    }
    if (dice.nextInt(4) == 0) {
      smallPackets = true;
      capacity = capacity.withMtu(1280 + dice.nextInt(200));
    }
    return link.carrying(capacity);
  }

  private void faults(Host server, Host client) {
    faulty = dice.nextInt(3) == 0;
    if (!faulty) {
      return;
    }
    Duration when = Duration.ofMillis(dice.nextInt(2500));
    Duration outage = Duration.ofMillis(dice.nextInt(2000));
    int kind = dice.nextInt(routers.isEmpty() ? 2 : 5);
    say("fault " + kind + " at " + when + " for " + outage);
    Router router = routers.isEmpty() ? null : any(routers);
    switch (kind) {
      case 0 -> between(when, outage, () -> client.cut(true), () -> client.cut(false));
      case 1 -> between(when, outage, () -> server.down(true), () -> server.down(false));
      default -> faultOf(router == null ? List.of() : List.of(router), kind, when, outage);
    }
  }

  private void faultOf(List<Router> victims, int kind, Duration when, Duration outage) {
    for (Router router : victims) {
      switch (kind) {
        case 2 -> world.schedule(when, router::restart);
        case 3 -> between(when, outage, () -> router.cut(true), () -> router.cut(false));
        default -> {
          String other = router == routers.get(0) ? "198.51.100.99" : "100.64.0.99";
          world.schedule(when, () -> router.readdress(VirtualRun.ip(other)));
        }
      }
    }
  }

  private void between(Duration when, Duration outage, Runnable breaks, Runnable mends) {
    world.schedule(when, breaks);
    world.schedule(when.plus(outage), mends);
  }

  /** Fails if anything that is claimed is wrong; what is unknown passes. */
  private void judge(PathReport path) {
    List<String> wrong = new ArrayList<>();
    compare(wrong, "nat", path.nat(), !nats.isEmpty());
    compare(wrong, "mapping", path.mapping(), behaviour(strictest(true)));
    Dependence filtering = strictest(false);
    compare(wrong, "filtering", path.filtering(), behaviour(filtering));
    boolean filters = filtering != Dependence.ENDPOINT_INDEPENDENT;
    compare(wrong, "firewall", path.firewall(), filters);
    boolean fragments = nats.stream().noneMatch(nat -> nat.is(Trait.DROPS_FRAGMENTS));
    if (!smallPackets) {
      compare(wrong, "large", path.largeRequests(), true);
      compare(wrong, "fragmented", path.fragmentedRequests(), fragments);
    }
    if (nats.size() == 1) {
      judgeNat(wrong, path, nats.get(0));
    }
    if (!wrong.isEmpty()) {
      throw new AssertionError("wrong about " + wrong + "\nin " + path);
    }
  }

  private static void judgeNat(List<String> wrong, PathReport path, NatBehaviour nat) {
    compare(wrong, "hairpinning", path.hairpinning(), nat.is(Trait.HAIRPINS));
    compare(wrong, "rewriting", path.payloadRewriting(), nat.is(Trait.REWRITES_PAYLOAD));
    PortRule rule = nat.ports();
    boolean whole = rule.low() == 1024 && rule.high() == 0xffff;
    boolean told =
        switch (rule.order()) {
          // A port outside of the range cannot be kept, nor is a small block counted far.
          case PRESERVING -> whole && rule.block() == 0;
          case SEQUENTIAL -> rule.block() == 0;
          case RANDOM -> true;
        };
    if (told && nat.neighboursPerSecond() == 0) {
      compare(wrong, "ports", path.ports(), ports(rule));
    }
  }

  /** Several boxes in a row do what the strictest of them does. */
  private Dependence strictest(boolean mapping) {
    Dependence strictest =
        mapping
            ? Dependence.ENDPOINT_INDEPENDENT
            : wall.filter(any -> !any.open())
                .map(FirewallBehaviour::filtering)
                .orElse(Dependence.ENDPOINT_INDEPENDENT);
    for (NatBehaviour nat : nats) {
      Dependence its = mapping ? nat.mapping() : nat.filtering();
      strictest = its.compareTo(strictest) > 0 ? its : strictest;
    }
    return strictest;
  }

  private static Behaviour behaviour(Dependence dependence) {
    return switch (dependence) {
      case ENDPOINT_INDEPENDENT -> Behaviour.ENDPOINT_INDEPENDENT;
      case ADDRESS -> Behaviour.ADDRESS_DEPENDENT;
      case ADDRESS_AND_PORT -> Behaviour.ADDRESS_AND_PORT_DEPENDENT;
    };
  }

  private static PortAllocation ports(PortRule rule) {
    return switch (rule.order()) {
      case PRESERVING -> new PortAllocation(Pattern.PRESERVING, 0);
      case SEQUENTIAL -> new PortAllocation(Pattern.SEQUENTIAL, rule.step());
      case RANDOM -> new PortAllocation(Pattern.RANDOM, 0);
    };
  }

  private static <T> void compare(List<String> wrong, String what, Finding<T> found, T truth) {
    if (found.value().isPresent() && !found.is(truth)) {
      wrong.add(what + " (" + found + ", not " + truth + ")");
    }
  }

  private <T> T any(List<T> all) {
    return all.get(dice.nextInt(all.size()));
  }

  private void say(String line) {
    story.append("  ").append(line).append('\n');
  }

  @Override
  public String toString() {
    return "seed " + seed + "\n" + story;
  }
}
