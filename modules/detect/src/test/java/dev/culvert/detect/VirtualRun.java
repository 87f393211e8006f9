package dev.culvert.detect;

import dev.culvert.natsim.FirewallBehaviour;
import dev.culvert.natsim.Host;
import dev.culvert.natsim.Link;
import dev.culvert.natsim.NatBehaviour;
import dev.culvert.natsim.Network;
import dev.culvert.natsim.Router;
import dev.culvert.natsim.World;
import dev.culvert.sansio.IpLiterals;
import dev.culvert.sansio.Machine;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** One measurement in a virtual Internet; what is not said is as simple as can be. */
final class VirtualRun {
  static final String EXTERNAL = "198.51.100.1";

  final World world;
  private final long seed;
  private final List<DetectServer> servers = new ArrayList<>();
  private final Link serverLink;
  private final List<VirtualServer> running = new ArrayList<>();
  private Network edge;
  private Link clientLink = Link.of(Duration.ofMillis(1));
  private String clientIp = "198.51.100.2";
  private UnaryOperator<DetectConfig> settings = config -> config;
  private int missingSocket = -1;
  private int sent;

  /** A world in which a round trip to a server takes this long, all delays taken together. */
  VirtualRun(long seed, Duration roundTrip) {
    this.seed = seed;
    this.world = new World(seed);
    this.edge = world.internet();
    this.serverLink = Link.of(roundTrip.dividedBy(2).minusMillis(3));
  }

  VirtualRun(long seed) {
    this(seed, Duration.ofMillis(20));
  }

  VirtualRun server(VirtualServer.Kind kind, String a1, String a2) {
    return server(kind, false, a1, a2);
  }

  VirtualRun server(VirtualServer.Kind kind, boolean streams, String a1, String a2) {
    serving(kind, streams, a1, a2);
    return this;
  }

  /** The host of a server, to be meddled with. */
  Host serving(VirtualServer.Kind kind, String a1, String a2) {
    return serving(kind, false, a1, a2);
  }

  private Host serving(VirtualServer.Kind kind, boolean streams, String a1, String a2) {
    Host host = world.internet().host("server " + a1, serverLink, ip(a1), ip(a2));
    running.add(VirtualServer.on(host, kind, streams, ip(a1), ip(a2)));
    named(a1);
    return host;
  }

  /** A server in the list at which nobody is. */
  VirtualRun named(String host) {
    servers.add(DetectServer.of(host, VirtualServer.P1));
    return this;
  }

  VirtualRun nat(NatBehaviour behaviour, String... external) {
    InetAddress[] ips =
        external.length == 0
            ? new InetAddress[] {ip(EXTERNAL)}
            : List.of(external).stream().map(VirtualRun::ip).toArray(InetAddress[]::new);
    Router nat = edge.nat("nat", Link.of(Duration.ofMillis(2)), behaviour, ips);
    edge = nat.inside();
    clientIp = "192.168.1.2";
    return this;
  }

  VirtualRun firewall(FirewallBehaviour behaviour) {
    edge = edge.firewall("wall", Link.of(Duration.ofMillis(2)), behaviour).inside();
    return this;
  }

  VirtualRun client(String ip, Link link) {
    clientIp = ip;
    clientLink = link;
    return this;
  }

  VirtualRun losing(double share) {
    clientLink = clientLink.losing(share);
    return this;
  }

  /** A client whose so-manieth socket, counted from 0, does not open. */
  VirtualRun withoutSocket(int nth) {
    missingSocket = nth;
    return this;
  }

  VirtualRun settings(UnaryOperator<DetectConfig> change) {
    settings = change;
    return this;
  }

  Network edge() {
    return edge;
  }

  /** How many packets the client sent. */
  int sent() {
    return sent;
  }

  int requests() {
    return running.stream().mapToInt(VirtualServer::requests).sum();
  }

  NatReport run() {
    world.observe(
        (now, where, packet, fate) -> {
          if (where.equals("client") && fate.equals("sent")) {
            sent++;
          }
        });
    Host client = edge.host("client", clientLink, ip(clientIp));
    DetectConfig config = settings.apply(DetectConfig.of(servers));
    Machine<DetectEvent> machine =
        new Socketless<>(new DetectMachine(config, world.newRandom()), missingSocket);
    List<NatReport> reports = new ArrayList<>();
    world.run(Duration.ofMillis(10));
    client.run(
        machine,
        event -> {
          if (event instanceof DetectEvent.Finished finished) {
            reports.add(finished.report());
          }
        });
    Duration limit = config.deadline().plus(config.longestSilence().multipliedBy(8));
    world.runUntil(() -> !reports.isEmpty(), limit);
    Optional<NatReport> report = reports.stream().findFirst();
    return report.orElseThrow(() -> new AssertionError("no report with seed " + seed));
  }

  static InetAddress ip(String text) {
    return IpLiterals.parse(text).orElseThrow();
  }
}
