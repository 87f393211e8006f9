package dev.culvert.turn.client;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.natsim.Dependence;
import dev.culvert.natsim.Link;
import dev.culvert.natsim.NatBehaviour;
import dev.culvert.natsim.PortRule;
import dev.culvert.natsim.Resident;
import dev.culvert.natsim.Router;
import dev.culvert.natsim.World;
import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.IpLiterals;
import dev.culvert.sansio.MonotonicTime;
import dev.culvert.sansio.Transport;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.stun.Method;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A client behind a NAT, and the scripted relay that it uses, in virtual time. */
final class VirtualClient {
  static final TransportAddress SERVER = at("203.0.113.10", 3478);
  static final TransportAddress RELAYED = at("203.0.113.10", 50_000);
  static final TransportAddress PEER = at("198.51.100.7", 9);
  static final Duration SECOND = Duration.ofSeconds(1);
  private static final Link LINE = Link.of(Duration.ofMillis(10));

  final List<TurnClientEvent> events = new ArrayList<>();
  final World world;
  final ScriptedRelay relay = new ScriptedRelay(SERVER, RELAYED);
  final Router nat;
  final Resident<String> server;
  final TurnClient client;
  final Resident<TurnClientEvent> seat;

  VirtualClient(TurnClientConfig config) {
    this(config, 1);
  }

  VirtualClient(TurnClientConfig config, long seed) {
    world = new World(seed);
    server = world.internet().host("relay", LINE, SERVER.ip()).run(relay, event -> {});
    if (config.transport().isStream()) {
      server.listen(config.transport(), SERVER);
    }
    nat =
        world
            .internet()
            .nat(
                "home",
                LINE,
                NatBehaviour.of(Dependence.ENDPOINT_INDEPENDENT, Dependence.ADDRESS_AND_PORT)
                    .ports(PortRule.random()),
                ip("203.0.113.77"));
    client = new TurnClient(config, world.newRandom());
    seat = nat.inside().host("client", LINE, ip("192.168.1.2")).run(client, events::add);
    world.run(SECOND);
  }

  static TurnClientConfig udp() {
    return TurnClientConfig.of(SERVER, Transport.UDP, ScriptedRelay.USER);
  }

  static TransportAddress at(String ip, int port) {
    return new TransportAddress(ip(ip), port);
  }

  static InetAddress ip(String text) {
    return IpLiterals.parse(text).orElseThrow();
  }

  <E extends TurnClientEvent> List<E> told(Class<E> kind) {
    return events.stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  void send(TransportAddress peer, String text) {
    seat.execute(now -> assertTrue(client.send(peer, Bytes.utf8(text), now)));
  }

  /** How many messages of a kind the relay heard, whatever it said to them. */
  long heard(Method method) {
    String name = method.toString();
    return relay.heard.stream()
        .filter(one -> one.equals(name) || one.startsWith(name + " "))
        .count();
  }

  long requests() {
    return Stream.of(
            Method.ALLOCATE,
            Method.REFRESH,
            Method.CHANNEL_BIND,
            Method.CREATE_PERMISSION,
            Method.BINDING)
        .mapToLong(this::heard)
        .sum();
  }

  /** Runs until something was told; the time that it took. */
  Duration until(Class<? extends TurnClientEvent> kind) {
    MonotonicTime start = world.now();
    int before = told(kind).size();
    world.runUntil(() -> told(kind).size() > before, Duration.ofHours(1));
    assertTrue(told(kind).size() > before, "no " + kind.getSimpleName() + " in " + events);
    return world.now().since(start);
  }

  /** The relay's process dies with all it knows, and another one takes its place. */
  void restartTheRelay() {
    relay.client = Optional.empty();
    relay.nonceAge++;
  }
}
