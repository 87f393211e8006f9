package dev.culvert.natsim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.natsim.NatBehaviour.Trait;
import dev.culvert.natsim.StreamRule.Stranger;
import dev.culvert.sansio.CloseCause;
import dev.culvert.sansio.Input;
import dev.culvert.sansio.IpLiterals;
import dev.culvert.sansio.Transport;
import dev.culvert.sansio.TransportAddress;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What RFC 5382, RFC 6146 and RFC 6888 add, and bad manners. */
class NatOptionsTest {
  private static final Link FIVE_MS = Link.of(Duration.ofMillis(5));
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final TransportAddress A1 = address("203.0.113.1", 1000);
  private static final TransportAddress B1 = address("203.0.113.2", 1000);
  private static final TransportAddress OWN = address("192.168.1.2", 5000);
  private static final TransportAddress OUTSIDE = address("198.51.100.1", 5000);
  private static final NatBehaviour SHUT =
      NatBehaviour.of(Dependence.ENDPOINT_INDEPENDENT, Dependence.ADDRESS_AND_PORT)
          .ports(PortRule.preserving());
  private static final NatBehaviour OPEN =
      NatBehaviour.of(Dependence.ENDPOINT_INDEPENDENT, Dependence.ENDPOINT_INDEPENDENT)
          .ports(PortRule.preserving());

  /** Hosts behind a NAT, and a server in front of it. */
  private static final class Lan {
    final World world = new World(5382);
    final Talker server = Talker.mirror().bind(0, A1).bind(1, B1);
    final Talker client = Talker.mute().bind(0, OWN);
    final Resident<String> serverSeat =
        world.internet().host("server", FIVE_MS, A1.ip(), B1.ip()).run(server, e -> {});
    final Router nat;
    final Resident<String> seat;

    Lan(NatBehaviour behaviour) {
      nat = world.internet().nat("nat", FIVE_MS, behaviour, OUTSIDE.ip());
      seat = nat.inside().host("client", FIVE_MS, OWN.ip()).run(client, e -> {});
      world.run(SECOND);
    }

    Lan asks() {
      seat.execute(now -> client.send(0, A1, "x"));
      world.run(SECOND);
      return this;
    }

    boolean serverReaches(TransportAddress external) {
      client.heard.clear();
      serverSeat.execute(now -> server.send(0, external, "hi"));
      world.run(SECOND);
      return !client.heard.isEmpty();
    }

    /** What a SYN from {@code B1} to the mapping of a connection to {@code A1} meets, and when. */
    Optional<Input.Closed> stranger() {
      serverSeat.listen(Transport.TCP, A1);
      seat.execute(now -> client.openFrom(7, OWN, A1));
      seat.listen(Transport.TCP, OWN);
      world.run(SECOND);
      assertEquals(1, client.told(Input.Opened.class).size());
      serverSeat.execute(now -> server.openFrom(9, B1, OUTSIDE));
      world.run(Duration.ofSeconds(15));
      return server.told(Input.Closed.class).stream().filter(c -> c.id() == 9).findFirst();
    }
  }

  @Test
  void mappingsAreRefreshedAsTheBehaviourSays() {
    for (boolean out : new boolean[] {true, false}) {
      for (boolean in : new boolean[] {true, false}) {
        NatBehaviour nat =
            OPEN.timeout(Duration.ofSeconds(10), in).with(Trait.NOT_REFRESHED_OUTBOUND, !out);
        Lan sends = new Lan(nat).asks();
        sends.world.run(Duration.ofSeconds(6));
        sends.asks().world.run(Duration.ofSeconds(6));
        // The mirror answers, so that what goes out comes in again.
        assertEquals(out || in, sends.serverReaches(OUTSIDE), "out " + out + ", in " + in);
        Lan hears = new Lan(nat).asks();
        hears.world.run(Duration.ofSeconds(6));
        assertTrue(hears.serverReaches(OUTSIDE));
        hears.world.run(Duration.ofSeconds(6));
        assertEquals(in, hears.serverReaches(OUTSIDE), "out " + out + ", in " + in);
      }
    }
  }

  @Test
  void connectionsAreFilteredLikeDatagrams() {
    Lan open = new Lan(OPEN);
    assertTrue(open.stranger().isEmpty());
    assertEquals(2, open.client.told(Input.Opened.class).size());
    Lan shut = new Lan(SHUT);
    shut.stranger();
    assertEquals(1, shut.client.told(Input.Opened.class).size());
  }

  @Test
  void strangersAreToldOrNot() {
    assertTrue(new Lan(SHUT).stranger().isEmpty());
    StreamRule usual = StreamRule.USUAL;
    for (Stranger answer : List.of(Stranger.RESET, Stranger.ICMP)) {
      StreamRule rule = new StreamRule(answer, usual.established(), usual.transitory());
      Lan lan = new Lan(SHUT.streams(rule));
      assertEquals(CloseCause.REFUSED, lan.stranger().orElseThrow().cause());
    }
  }

  @Test
  void theInsideHasSixSecondsToOpenTheSameConnection() {
    StreamRule rule = new StreamRule(Stranger.ICMP, Duration.ofHours(2), Duration.ofMinutes(4));
    Lan lan = new Lan(SHUT.streams(rule));
    lan.serverSeat.listen(Transport.TCP, A1);
    lan.seat.execute(now -> lan.client.openFrom(7, OWN, A1));
    lan.world.run(SECOND);
    lan.serverSeat.execute(now -> lan.server.openFrom(9, B1, OUTSIDE));
    lan.world.run(Duration.ofSeconds(3));
    lan.seat.execute(now -> lan.client.openFrom(8, OWN, B1));
    lan.world.run(Duration.ofSeconds(6));
    assertTrue(lan.server.told(Input.Closed.class).stream().noneMatch(closed -> closed.id() == 9));
  }

  @Test
  void connectionsLiveAsLongAsTheirStateSays() {
    StreamRule rule =
        new StreamRule(Stranger.SILENCE, Duration.ofSeconds(100), Duration.ofSeconds(10));
    for (int seconds : new int[] {50, 110}) {
      Lan lan = new Lan(SHUT.streams(rule));
      lan.serverSeat.listen(Transport.TCP, A1);
      lan.seat.execute(now -> lan.client.openFrom(7, OWN, A1));
      lan.world.run(Duration.ofSeconds(seconds));
      Input.Opened opened = lan.server.told(Input.Opened.class).get(0);
      lan.serverSeat.execute(now -> lan.server.send(opened.flow(), "still there?"));
      lan.world.run(SECOND);
      assertEquals(seconds == 50, !lan.client.heard.isEmpty(), seconds + " s");
    }
  }

  @Test
  void neighboursTakePorts() {
    NatBehaviour climbing = SHUT.ports(PortRule.sequential(1));
    List<Integer> gaps = new ArrayList<>();
    for (int rate : new int[] {0, 20}) {
      Lan lan =
          new Lan(
              NatBehaviour.of(Dependence.ADDRESS_AND_PORT, Dependence.ADDRESS)
                  .ports(climbing.ports())
                  .neighbours(rate));
      lan.asks();
      lan.seat.execute(now -> lan.client.send(0, B1, "x"));
      lan.world.run(SECOND);
      List<Integer> ports = lan.client.texts().stream().map(NatOptionsTest::port).toList();
      gaps.add(Math.floorMod(ports.get(1) - ports.get(0), 64_512));
    }
    assertEquals(List.of(1, 21), gaps);
  }

  @Test
  void poolsAreExhaustedByNeighboursAndRecover() {
    NatBehaviour small =
        SHUT.ports(PortRule.random().within(2000, 2049))
            .neighbours(10)
            .timeout(Duration.ofSeconds(30));
    Lan lan = new Lan(small);
    lan.world.run(Duration.ofMinutes(1));
    lan.asks();
    assertTrue(lan.client.heard.isEmpty(), "50 ports are too few for 10 a second");
    Lan roomy = new Lan(small.ports(PortRule.random().within(2000, 2999)));
    roomy.world.run(Duration.ofMinutes(1));
    assertEquals(1, roomy.asks().client.heard.size());
  }

  @Test
  void crowdsOfNeighboursCostNoTime() {
    Lan lan =
        new Lan(
            SHUT.ports(PortRule.random().within(2000, 3999))
                .neighbours(10_000)
                .timeout(Duration.ofHours(1)));
    for (int i = 0; i < 20; i++) {
      lan.world.run(Duration.ofMinutes(10));
      lan.asks();
    }
    assertTrue(lan.client.heard.isEmpty(), "every port is taken");
  }

  @Test
  void blocksBelongToOneHostAndEnd() {
    NatBehaviour carrier = SHUT.ports(PortRule.random().within(2000, 2127).inBlocks(64));
    World world = new World(6888);
    Talker server = Talker.mirror().bind(0, A1);
    world.internet().host("server", FIVE_MS, A1.ip()).run(server, e -> {});
    Router nat = world.internet().nat("cgn", FIVE_MS, carrier, OUTSIDE.ip());
    List<Set<Integer>> blocks = new ArrayList<>();
    for (int host = 2; host <= 4; host++) {
      TransportAddress own = address("100.64.0." + host, 5000);
      Talker client = Talker.mute().bind(0, own);
      Resident<String> seat = nat.inside().host("h" + host, FIVE_MS, own.ip()).run(client, e -> {});
      world.run(SECOND);
      seat.execute(now -> client.send(0, A1, "x"));
      world.run(SECOND);
      blocks.add(
          Set.copyOf(client.texts().stream().map(text -> (port(text) - 2000) / 64).toList()));
    }
    assertEquals(1, blocks.get(0).size());
    assertEquals(1, blocks.get(1).size());
    assertNotEquals(blocks.get(0), blocks.get(1));
    assertEquals(Set.of(), blocks.get(2), "there are two blocks, and three hosts");
  }

  @Test
  void strangersToClosedPortsAreAnsweredIfItDoes() {
    for (boolean answers : new boolean[] {true, false}) {
      Lan lan = new Lan(SHUT.with(Trait.ANSWERS, answers));
      lan.serverSeat.execute(now -> lan.server.open(5, Transport.UDP, OUTSIDE));
      lan.world.run(SECOND);
      Input.Opened opened = lan.server.told(Input.Opened.class).get(0);
      lan.serverSeat.execute(now -> lan.server.send(opened.flow(), "x"));
      lan.world.run(SECOND);
      assertEquals(answers, !lan.server.told(Input.Unreachable.class).isEmpty());
    }
  }

  @Test
  void nat64TranslatesBothWaysAndErrorsToo() {
    World world = new World(6146);
    Talker server = Talker.mirror().bind(0, A1);
    Resident<String> serverSeat =
        world.internet().host("server", FIVE_MS, A1.ip()).run(server, e -> {});
    GatewayBehaviour behaviour =
        new GatewayBehaviour(
            Optional.empty(), Optional.empty(), Optional.empty(), Optional.of(SHUT), false);
    Router router = world.internet().router("nat64", FIVE_MS, behaviour, OUTSIDE.ip());
    TransportAddress own = address("2001:db8:1::2", 5000);
    TransportAddress embedded = address("64:ff9b::203.0.113.1", 1000);
    TransportAddress closed = address("64:ff9b::203.0.113.1", 9);
    Talker client = Talker.mute().bind(0, own).open(1, Transport.UDP, closed);
    Resident<String> seat = router.inside().host("client", FIVE_MS, own.ip()).run(client, e -> {});
    world.run(SECOND);
    seat.execute(now -> client.send(0, embedded, "x"));
    seat.execute(now -> client.send(client.told(Input.Opened.class).get(0).flow(), "y"));
    world.run(SECOND);
    assertEquals(List.of("198.51.100.1:5000"), client.texts());
    assertEquals(embedded, client.heard.get(0).flow().remote());
    assertEquals(closed, client.told(Input.Unreachable.class).get(0).flow().remote());
    serverSeat.execute(now -> server.bind(3, B1.withPort(0)));
    world.run(SECOND);
    seat.execute(now -> client.send(0, address("2001:db8::1", 7), "no IPv6 leads out"));
    world.run(SECOND);
    assertEquals(1, client.texts().size());
  }

  @Test
  void anotherAddressForgetsWhatWas() {
    Lan lan = new Lan(OPEN).asks();
    lan.nat.readdress(ip("198.51.100.9"));
    assertTrue(!lan.serverReaches(OUTSIDE));
    lan.asks();
    assertEquals("198.51.100.9:5000", lan.client.texts().get(0));
    assertTrue(lan.serverReaches(address("198.51.100.9", 5000)));
  }

  @Test
  void hostsMoveAndTheirWildcardSocketsGoOn() {
    Lan lan = new Lan(OPEN);
    Router other = lan.world.internet().nat("other", FIVE_MS, OPEN, ip("198.51.100.7"));
    Talker walker = Talker.mute().bind(0, address("0.0.0.0", 6000));
    Host host = lan.nat.inside().host("walker", FIVE_MS, ip("192.168.1.9"));
    Resident<String> seat = host.run(walker, e -> {});
    lan.world.run(SECOND);
    seat.execute(now -> walker.send(0, A1, "x"));
    lan.world.run(SECOND);
    host.leave().join(other.inside(), FIVE_MS, ip("192.168.2.9"));
    seat.execute(now -> walker.send(0, A1, "x"));
    lan.world.run(SECOND);
    assertEquals(List.of("198.51.100.1:6000", "198.51.100.7:6000"), walker.texts());
  }

  @Test
  void bytesThatGetLostEndAConnection() {
    Lan lan = new Lan(OPEN);
    lan.serverSeat.listen(Transport.TCP, A1);
    lan.seat.execute(now -> lan.client.openFrom(7, OWN, A1));
    lan.world.run(SECOND);
    Input.Opened opened = lan.client.told(Input.Opened.class).get(0);
    lan.nat.cut(true);
    lan.seat.execute(now -> lan.client.send(opened.flow(), "lost"));
    lan.world.run(SECOND);
    lan.nat.cut(false);
    lan.seat.execute(now -> lan.client.send(opened.flow(), "after"));
    lan.world.run(SECOND);
    assertEquals(List.of(), lan.server.texts());
    assertEquals(CloseCause.RESET, lan.client.told(Input.Closed.class).get(0).cause());
    assertEquals(CloseCause.RESET, lan.server.told(Input.Closed.class).get(0).cause());
  }

  private static int port(String text) {
    return Integer.parseInt(text.substring(text.lastIndexOf(':') + 1));
  }

  private static InetAddress ip(String text) {
    return IpLiterals.parse(text).orElseThrow();
  }

  private static TransportAddress address(String ip, int port) {
    return new TransportAddress(ip(ip), port);
  }
}
