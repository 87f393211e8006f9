package dev.culvert.cli.demo;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.culvert.cli.check.CheckView;
import dev.culvert.detect.DetectConfig;
import dev.culvert.detect.DetectEvent;
import dev.culvert.detect.DetectMachine;
import dev.culvert.detect.DetectServer;
import dev.culvert.detect.IpFamily;
import dev.culvert.detect.NatReport;
import dev.culvert.lab.spec.Filtering;
import dev.culvert.lab.spec.Mapping;
import dev.culvert.lab.spec.NatBehaviour;
import dev.culvert.lab.spec.PortAllocation;
import dev.culvert.lab.spec.Profile;
import dev.culvert.lab.spec.Traffic;
import dev.culvert.natsim.Dependence;
import dev.culvert.natsim.FirewallBehaviour;
import dev.culvert.natsim.Host;
import dev.culvert.natsim.Link;
import dev.culvert.natsim.Network;
import dev.culvert.natsim.PortRule;
import dev.culvert.natsim.Protocol;
import dev.culvert.natsim.World;
import dev.culvert.sansio.IpLiterals;
import dev.culvert.sansio.Transport;
import dev.culvert.sansio.TransportAddress;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;

/** The demonstration without a kernel's help: the same engines in a virtual Internet. */
final class SimulatedDemo {
  private static final int PORT = 3478;
  private static final int OTHER_PORT = 3479;
  private static final Link BACKBONE = Link.of(Duration.ofMillis(8));
  private static final Link HOME = Link.of(Duration.ofMillis(2));

  private SimulatedDemo() {}

  /** Runs a check behind each kind of NAT, each in a world of its own. */
  static List<DemoResult> run(List<Profile> profiles) {
    return profiles.stream().map(SimulatedDemo::check).toList();
  }

  private static DemoResult check(Profile profile) {
    World world = new World(1);
    InetAddress first = ip("203.0.113.10");
    InetAddress second = ip("198.51.100.10");
    Host server = world.internet().host("s1", BACKBONE, first, second);
    server
        .run(new SimulatedNode(first, second, PORT, OTHER_PORT), event -> {})
        .listen(Transport.TCP, new TransportAddress(first, PORT));

    Host client = home(world, profile);
    DetectConfig config =
        DetectConfig.of(List.of(DetectServer.of("203.0.113.10", PORT)))
            .over(EnumSet.of(IpFamily.IPV4));
    List<NatReport> reports = new ArrayList<>();
    client.run(
        new DetectMachine(config, world.newRandom()),
        event -> {
          if (event instanceof DetectEvent.Finished finished) {
            reports.add(finished.report());
          }
        });
    world.runUntil(() -> !reports.isEmpty(), config.deadline().multipliedBy(2));
    Map<String, String> fields = reports.isEmpty() ? Map.of() : fields(reports.get(0));
    Duration elapsed = reports.isEmpty() ? config.deadline() : reports.get(0).elapsed();
    String grade = fields.getOrDefault("verdict.grade", "none");
    return new DemoResult(profile, Traits.found(fields), grade, elapsed);
  }

  /** The routers from the Internet inwards, and a host behind the last. */
  private static Host home(World world, Profile profile) {
    Network edge = world.internet();
    List<NatBehaviour> routers = profile.routers();
    boolean translated = false;
    for (int i = routers.size() - 1; i >= 0; i--) {
      NatBehaviour router = routers.get(i);
      String name = "router " + i;
      if (router.translates()) {
        InetAddress outside = ip(translated ? "100.64.0.2" : "203.0.113.77");
        edge = edge.nat(name, HOME, behaviour(router), outside).inside();
        translated = true;
      } else {
        FirewallBehaviour wall = FirewallBehaviour.of(dependence(router.filtering()));
        edge = edge.firewall(name, HOME, wall).inside();
      }
    }
    return edge.host("host", HOME, ip(translated ? "192.168.1.2" : "203.0.113.88"));
  }

  private static dev.culvert.natsim.NatBehaviour behaviour(NatBehaviour router) {
    dev.culvert.natsim.NatBehaviour nat =
        dev.culvert.natsim.NatBehaviour.of(
                dependence(router.mapping()), dependence(router.filtering()))
            .ports(ports(router.ports()))
            .hairpinning(router.hairpin());
    return router.traffic() == Traffic.ALL ? nat : nat.blocking(Protocol.UDP);
  }

  private static Dependence dependence(Mapping mapping) {
    return switch (mapping) {
      case NONE, ENDPOINT_INDEPENDENT -> Dependence.ENDPOINT_INDEPENDENT;
      case ADDRESS_DEPENDENT -> Dependence.ADDRESS;
      case ADDRESS_AND_PORT_DEPENDENT -> Dependence.ADDRESS_AND_PORT;
    };
  }

  private static Dependence dependence(Filtering filtering) {
    return switch (filtering) {
      case NONE, ENDPOINT_INDEPENDENT -> Dependence.ENDPOINT_INDEPENDENT;
      case ADDRESS_DEPENDENT -> Dependence.ADDRESS;
      case ADDRESS_AND_PORT_DEPENDENT -> Dependence.ADDRESS_AND_PORT;
    };
  }

  private static PortRule ports(PortAllocation ports) {
    return switch (ports.kind()) {
      case PRESERVING, OVERLOADING -> PortRule.preserving();
      case SEQUENTIAL -> PortRule.sequential(ports.step());
      case RANDOM -> PortRule.random();
    };
  }

  private static Map<String, String> fields(NatReport report) {
    StringWriter json = new StringWriter();
    try {
      try (JsonGenerator generator = new JsonFactory().createGenerator(json)) {
        CheckView.of(report).write(generator);
      }
      return JsonFields.read(json.toString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static InetAddress ip(String literal) {
    return IpLiterals.parse(literal).orElseThrow();
  }
}
