package dev.culvert.cli.turn;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.detect.IpFamily;
import dev.culvert.natsim.Host;
import dev.culvert.natsim.Link;
import dev.culvert.natsim.NatBehaviour;
import dev.culvert.natsim.Resident;
import dev.culvert.natsim.World;
import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.IpLiterals;
import dev.culvert.sansio.ServerIdentity;
import dev.culvert.sansio.Transport;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.stun.StunUri;
import dev.culvert.turn.auth.CombinedUsers;
import dev.culvert.turn.auth.RelayRealm;
import dev.culvert.turn.auth.StatelessNonces;
import dev.culvert.turn.auth.StaticUser;
import dev.culvert.turn.auth.StaticUsers;
import dev.culvert.turn.auth.TimeLimitedCredential;
import dev.culvert.turn.auth.TimeLimitedUsers;
import dev.culvert.turn.server.IpPrefix;
import dev.culvert.turn.server.PeerPolicy;
import dev.culvert.turn.server.PortRange;
import dev.culvert.turn.server.RelayAddress;
import dev.culvert.turn.server.RelayResources;
import dev.culvert.turn.server.ResponseGate;
import dev.culvert.turn.server.TurnLimits;
import dev.culvert.turn.server.TurnMachine;
import dev.culvert.turn.server.TurnServer;
import dev.culvert.turn.server.TurnServerConfig;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A virtual Internet with this project's own relay, and a test that somebody runs there. */
final class RelayWorld {
  static final InetAddress RELAY = ip("203.0.113.10");
  static final String SECRET = "north";
  static final RelayUser USER = RelayUser.of("user", "secret");

  /** The public Internet, to which the addresses of documents belong here. */
  static final PeerPolicy PUBLIC =
      PeerPolicy.standard()
          .allowing(IpPrefix.parse("198.51.100.0/24").orElseThrow())
          .allowing(IpPrefix.parse("192.0.2.0/24").orElseThrow());

  static final Instant DAY = Instant.parse("2026-01-01T00:00:00Z");

  final World world;
  final List<String> steps = new ArrayList<>();
  final List<WayResult> results = new ArrayList<>();
  Optional<RelayResources> resources = Optional.empty();
  Optional<RelayTest> test = Optional.empty();
  Optional<Resident<TestEvent>> seat = Optional.empty();
  Link line = Link.of(Duration.ofMillis(10));
  Optional<NatBehaviour> nat = Optional.empty();
  RelayUser user = USER;
  Optional<String> realm = Optional.empty();
  Set<IpFamily> families = EnumSet.of(IpFamily.IPV4);
  Set<IpFamily> relayed = EnumSet.of(IpFamily.IPV4);
  boolean relayedDemanded;
  PeerChoice peer = PeerChoice.AUTO;
  int count = 10;
  Optional<Duration> throughput = Optional.empty();
  Duration limit = Duration.ofMinutes(5);
  private boolean finished;

  RelayWorld(long seed) {
    world = new World(seed);
    world.names().host("relay.example", List.of(RELAY));
  }

  static InetAddress ip(String text) {
    return IpLiterals.parse(text).orElseThrow();
  }

  static TransportAddress at(String text, int port) {
    return new TransportAddress(ip(text), port);
  }

  /** A clock that runs with the world. */
  InstantSource clock() {
    return () -> DAY.plusNanos(world.now().nanos());
  }

  RelayUser minted(String secret, Duration left) {
    return RelayUser.of(
        TimeLimitedCredential.mint(secret, "me", clock().instant().plus(left)).forClient(), true);
  }

  /** A relay that relays to its own clients, as the node does. */
  TurnServer relay() {
    return relay(config(PUBLIC, TurnLimits.STANDARD));
  }

  TurnServer relay(TurnServerConfig config) {
    return relay(config, RELAY, RELAY);
  }

  TurnServer relay(TurnServerConfig config, InetAddress ip, InetAddress... relaying) {
    RelayResources given =
        new RelayResources(
            List.of(relaying).stream().map(RelayAddress::of).toList(),
            PortRange.DYNAMIC,
            config.limits(),
            world.newRandom());
    resources = Optional.of(given);
    RelayRealm example = new RelayRealm("example.org");
    TurnServer engine =
        new TurnServer(
            config,
            given,
            new CombinedUsers(
                new StaticUsers(example, List.of(StaticUser.withPassword("user", "secret"))),
                new TimeLimitedUsers(example, List.of(SECRET), clock())),
            new StatelessNonces(
                Bytes.utf8("sixteen bytes or more"), clock(), Duration.ofMinutes(10)),
            ResponseGate.OPEN,
            world.newRandom());
    List<InetAddress> all = new ArrayList<>(List.of(ip));
    List.of(relaying).stream().filter(one -> !one.equals(ip)).forEach(all::add);
    TransportAddress plain = new TransportAddress(ip, 3478);
    host("relay" + ip, all.toArray(new InetAddress[0]))
        .run(new TurnMachine(engine, List.of(plain), List.of(plain.withPort(5349))), event -> {})
        .listen(Transport.TCP, plain)
        .listen(Transport.TLS, plain.withPort(5349));
    return engine;
  }

  Host host(String name, InetAddress... ips) {
    return world.internet().host(name, Link.of(Duration.ofMillis(10)), ips);
  }

  static TurnServerConfig config(PeerPolicy policy, TurnLimits limits) {
    return config(policy, limits, List.of());
  }

  static TurnServerConfig config(
      PeerPolicy policy, TurnLimits limits, List<TransportAddress> alternates) {
    return new TurnServerConfig(
        policy,
        limits,
        TurnServerConfig.STANDARD_LIFETIME,
        TurnServerConfig.STANDARD_MAX_LIFETIME,
        true,
        true,
        alternates);
  }

  /** Begins a test of these URIs on a host of its own. */
  void begin(String... uris) {
    List<TestPlan.Way> ways =
        List.of(uris).stream()
            .map(StunUri::parse)
            .map(uri -> new TestPlan.Way(uri, new ServerIdentity.HostName(uri.host()), true))
            .toList();
    TestPlan plan =
        new TestPlan(
            ways,
            families,
            relayed,
            relayedDemanded,
            user,
            realm,
            new TestPlan.EchoPlan(peer, count, 200, Duration.ofMillis(20), throughput),
            Duration.ofSeconds(5),
            limit);
    RelayTest machine = new RelayTest(plan, world.newRandom(), clock());
    test = Optional.of(machine);
    Host home =
        nat.map(
                behaviour ->
                    world
                        .internet()
                        .nat("nat", Link.of(Duration.ofMillis(1)), behaviour, ip("198.51.100.1"))
                        .inside()
                        .host("home", line, ip("192.168.1.2")))
            .orElseGet(
                () -> world.internet().host("home", line, ip("198.51.100.1"), ip("2001:db8:1::1")));
    seat = Optional.of(home.run(machine, this::take));
  }

  private void take(TestEvent event) {
    if (event instanceof TestEvent.Judged judged) {
      results.add(judged.result());
    } else if (event instanceof TestEvent.Step step) {
      steps.add(step.what());
    } else {
      assertTrue(!finished, "it finished twice");
      finished = true;
    }
  }

  /** Runs a test to its end. */
  List<WayResult> run(String... uris) {
    begin(uris);
    end();
    return results;
  }

  void end() {
    assertTrue(
        world.runUntil(() -> finished, Duration.ofMinutes(30)),
        () -> "seed " + world.seed() + ": it does not end; " + results + " " + steps);
  }

  /** The only result. */
  WayResult one(String uri) {
    List<WayResult> all = run(uri);
    assertTrue(all.size() == 1, all.toString());
    return all.get(0);
  }
}
