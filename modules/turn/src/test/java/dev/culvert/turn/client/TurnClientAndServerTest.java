package dev.culvert.turn.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.natsim.Link;
import dev.culvert.natsim.Resident;
import dev.culvert.natsim.World;
import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.IpLiterals;
import dev.culvert.sansio.Transport;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.stun.LongTermCredential;
import dev.culvert.turn.auth.RelayRealm;
import dev.culvert.turn.auth.StatelessNonces;
import dev.culvert.turn.auth.StaticUser;
import dev.culvert.turn.auth.StaticUsers;
import dev.culvert.turn.client.TurnClientEvent.Allocated;
import dev.culvert.turn.client.TurnClientEvent.ChannelBound;
import dev.culvert.turn.client.TurnClientEvent.Closed;
import dev.culvert.turn.client.TurnClientEvent.Failed;
import dev.culvert.turn.client.TurnClientEvent.Lost;
import dev.culvert.turn.client.TurnClientEvent.PeerRefused;
import dev.culvert.turn.client.TurnClientEvent.Postponed;
import dev.culvert.turn.client.TurnClientEvent.Received;
import dev.culvert.turn.server.PortRange;
import dev.culvert.turn.server.RelayAddress;
import dev.culvert.turn.server.RelayResources;
import dev.culvert.turn.server.ResponseGate;
import dev.culvert.turn.server.TurnCount;
import dev.culvert.turn.server.TurnLimits;
import dev.culvert.turn.server.TurnMachine;
import dev.culvert.turn.server.TurnServer;
import dev.culvert.turn.server.TurnServerConfig;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Two clients that meet by their relayed addresses on this project's own relay, over hours. */
class TurnClientAndServerTest {
  private static final TransportAddress SERVER = at("203.0.113.10", 3478);
  private static final LongTermCredential USER = new LongTermCredential("user", "secret");
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration NONCE_LIFE = Duration.ofMinutes(11);
  private static final Link LINE = Link.of(Duration.ofMillis(10));

  private World world = new World(0);
  private TurnServer engine = engine(TurnLimits.STANDARD);

  /** One client and what it told. */
  private static final class End {
    final List<TurnClientEvent> events = new ArrayList<>();
    final TurnClient client;
    final Resident<TurnClientEvent> seat;

    End(World world, String ip, Link line, TurnClientConfig config) {
      client = new TurnClient(config, world.newRandom());
      seat = world.internet().host(ip, line, ip(ip)).run(client, events::add);
    }

    <E extends TurnClientEvent> List<E> told(Class<E> kind) {
      return events.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    TransportAddress relayed() {
      return told(Allocated.class).get(0).relayed().get(0);
    }

    void send(TransportAddress peer, String text) {
      seat.execute(now -> assertTrue(client.send(peer, Bytes.utf8(text), now)));
    }

    Set<String> texts() {
      Set<String> texts = new HashSet<>();
      told(Received.class).forEach(received -> texts.add(received.data().utf8()));
      return texts;
    }

    boolean stands() {
      return told(Lost.class).isEmpty()
          && told(Failed.class).isEmpty()
          && told(PeerRefused.class).isEmpty();
    }
  }

  private static TransportAddress at(String ip, int port) {
    return new TransportAddress(ip(ip), port);
  }

  private static InetAddress ip(String text) {
    return IpLiterals.parse(text).orElseThrow();
  }

  private static TurnClientConfig over(Transport transport) {
    return TurnClientConfig.of(SERVER, transport, USER);
  }

  private void begin(long seed, TurnLimits limits) {
    world = new World(seed);
    engine = engine(limits);
    world
        .internet()
        .host("relay", LINE, SERVER.ip())
        .run(new TurnMachine(engine, List.of(SERVER), List.of()), event -> {})
        .listen(Transport.TCP, SERVER);
  }

  private TurnServer engine(TurnLimits limits) {
    World clock = world;
    RelayResources resources =
        new RelayResources(
            List.of(RelayAddress.of(SERVER.ip())), PortRange.DYNAMIC, limits, world.newRandom());
    resources.ownAddresses(Set.of(SERVER.ip()));
    return new TurnServer(
        TurnServerConfig.standard(),
        resources,
        new StaticUsers(
            new RelayRealm("example.org"), List.of(StaticUser.withPassword("user", "secret"))),
        new StatelessNonces(
            Bytes.utf8("sixteen bytes or more"),
            () -> Instant.EPOCH.plus(Duration.ofDays(1)).plusNanos(clock.now().nanos()),
            NONCE_LIFE),
        ResponseGate.OPEN,
        world.newRandom());
  }

  @ParameterizedTest
  @EnumSource(names = {"UDP", "TCP"})
  void twoClientsTalkForTwoHours(Transport transport) {
    begin(1, TurnLimits.STANDARD);
    End a = new End(world, "198.51.100.1", LINE, over(transport));
    End b = new End(world, "198.51.100.2", LINE, over(Transport.UDP));
    world.run(SECOND);
    a.send(b.relayed(), "from a");
    b.send(a.relayed(), "from b");
    world.run(SECOND);
    assertEquals(1, a.told(ChannelBound.class).size());
    for (int minute = 0; minute < 120; minute++) {
      a.send(b.relayed(), "a" + minute);
      b.send(a.relayed(), "b" + minute);
      world.run(Duration.ofMinutes(1));
    }
    assertTrue(a.stands() && b.stands(), a.events + " " + b.events);
    assertTrue(a.texts().size() >= 120 && b.texts().size() >= 120);
    assertTrue(
        b.told(Received.class).stream().allMatch(one -> one.peer().equals(a.relayed())),
        "each is known by its relayed address");
    assertTrue(engine.counts().getOrDefault(TurnCount.CHALLENGES, 0L) > 10, "nonces became stale");
    assertEquals(2, engine.allocations());
    a.seat.execute(a.client::close);
    b.seat.execute(b.client::close);
    world.run(SECOND);
    assertEquals(1, a.told(Closed.class).size());
    assertEquals(0, engine.allocations());
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
  void badLinesOnlyCostDatagrams(long seed) {
    begin(seed, TurnLimits.STANDARD);
    Link bad =
        new Link(Duration.ofMillis(50), Duration.ofMillis(40), 0.15, 0.1, 0.1, LINE.capacity());
    End a = new End(world, "198.51.100.1", bad, over(Transport.UDP));
    End b = new End(world, "198.51.100.2", bad, over(Transport.UDP));
    world.run(Duration.ofMinutes(1));
    String again = "seed " + seed + ": " + a.events + " " + b.events;
    assertTrue(a.told(Allocated.class).size() + b.told(Allocated.class).size() == 2, again);
    for (int i = 0; i < 240; i++) {
      a.send(b.relayed(), "a" + i);
      b.send(a.relayed(), "b" + i);
      world.run(Duration.ofSeconds(15));
    }
    assertTrue(a.stands() && b.stands(), again);
    assertTrue(a.texts().size() > 120 && b.texts().size() > 120, again);
    assertTrue(a.texts().stream().allMatch(text -> text.matches("b[0-9]{1,3}")), again);
    assertEquals(2, engine.allocations(), again);
  }

  @Test
  void whoeverIsNotPermittedIsNotHeard() {
    begin(3, TurnLimits.STANDARD);
    End a = new End(world, "198.51.100.1", LINE, over(Transport.UDP));
    End b = new End(world, "198.51.100.2", LINE, over(Transport.UDP));
    world.run(SECOND);
    a.send(b.relayed(), "too early");
    world.run(SECOND);
    assertTrue(b.texts().isEmpty());
    b.seat.execute(now -> b.client.permit(a.relayed(), now));
    world.run(SECOND);
    a.send(b.relayed(), "now");
    world.run(SECOND);
    assertEquals(Set.of("now"), b.texts());
    b.seat.execute(now -> b.client.forget(a.relayed().ip(), now));
    world.run(Duration.ofMinutes(6));
    a.send(b.relayed(), "too late");
    world.run(SECOND);
    assertEquals(Set.of("now"), b.texts());
    assertTrue(
        engine.counts().getOrDefault(TurnCount.DROPPED_NO_PERMISSION, 0L) >= 2,
        engine.counts().toString());
  }

  @Test
  void peersThatThePolicyForbidsAreRefused() {
    begin(4, TurnLimits.STANDARD);
    End a = new End(world, "198.51.100.1", LINE, over(Transport.UDP));
    world.run(SECOND);
    for (String forbidden : List.of("10.0.0.1", "127.0.0.1", "169.254.169.254")) {
      a.send(at(forbidden, 80), "let me in");
    }
    a.send(SERVER, "and me");
    world.run(SECOND);
    assertEquals(
        List.of(403, 403, 403, 403),
        a.told(PeerRefused.class).stream().map(PeerRefused::code).toList());
  }

  @Test
  void aFullRelayPostponesAndServesLater() {
    begin(5, new TurnLimits(10, 1, 0, 16, 16, 0, 0));
    End a = new End(world, "198.51.100.1", LINE, over(Transport.UDP));
    world.run(SECOND);
    End b = new End(world, "198.51.100.2", LINE, over(Transport.UDP));
    world.run(SECOND);
    assertEquals(List.of(486), b.told(Postponed.class).stream().map(Postponed::code).toList());
    a.seat.execute(a.client::close);
    world.run(Duration.ofMinutes(2));
    assertEquals(1, b.told(Allocated.class).size(), b.events.toString());
  }

  @Test
  void aDrainedRelayKeepsWhatItHas() {
    begin(6, TurnLimits.STANDARD);
    End a = new End(world, "198.51.100.1", LINE, over(Transport.UDP));
    world.run(SECOND);
    engine.drain();
    End b = new End(world, "198.51.100.2", LINE, over(Transport.TCP));
    world.run(Duration.ofMinutes(30));
    assertTrue(a.stands(), a.events.toString());
    assertEquals(508, b.told(Postponed.class).get(0).code());
  }
}
