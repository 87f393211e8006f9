package dev.culvert.natsim;

import static dev.culvert.natsim.Dependence.ADDRESS;
import static dev.culvert.natsim.Dependence.ADDRESS_AND_PORT;
import static dev.culvert.natsim.Dependence.ENDPOINT_INDEPENDENT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.CloseCause;
import dev.culvert.sansio.Input;
import dev.culvert.sansio.IpLiterals;
import dev.culvert.sansio.Transport;
import dev.culvert.sansio.TransportAddress;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Each behaviour as RFC 4787 words it. */
class NatTest {
  private static final Link FIVE_MS = Link.of(Duration.ofMillis(5));
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final TransportAddress A1 = address("203.0.113.1", 1000);
  private static final TransportAddress A2 = address("203.0.113.1", 2000);
  private static final TransportAddress B1 = address("203.0.113.2", 1000);

  @Test
  void mappingsDependOnWhatTheyShould() {
    Lan lan = new Lan(NatBehaviour.of(ENDPOINT_INDEPENDENT, ENDPOINT_INDEPENDENT));
    assertEquals(1, Set.copyOf(lan.reflexive(A1, A2, B1)).size());
    for (Dependence mapping : List.of(ADDRESS, ADDRESS_AND_PORT)) {
      Lan other = new Lan(NatBehaviour.of(mapping, ENDPOINT_INDEPENDENT));
      List<String> seen = other.reflexive(A1, A2, B1);
      assertEquals(mapping == ADDRESS, seen.get(0).equals(seen.get(1)));
      assertNotEquals(seen.get(0), seen.get(2));
    }
  }

  @Test
  void filtersDependOnWhatTheyShould() {
    for (Dependence filtering : Dependence.values()) {
      Lan one = new Lan(NatBehaviour.of(ENDPOINT_INDEPENDENT, filtering));
      TransportAddress external = parse(one.reflexive(A1).get(0));
      one.client.heard.clear();
      one.serverSeat.execute(
          now ->
              one.server
                  .send(0, external, "same")
                  .send(1, external, "other port")
                  .send(2, external, "other address"));
      one.world.run(SECOND);
      List<String> expected =
          switch (filtering) {
            case ENDPOINT_INDEPENDENT -> List.of("same", "other port", "other address");
            case ADDRESS -> List.of("same", "other port");
            case ADDRESS_AND_PORT -> List.of("same");
          };
      assertEquals(expected, one.client.texts());
    }
  }

  @Test
  void filtersPerMappingIgnoreWhatOtherMappingsOpened() {
    NatBehaviour hard = NatBehaviour.of(ADDRESS_AND_PORT, ADDRESS_AND_PORT);
    for (NatBehaviour behaviour : List.of(hard, hard.filteringPerMapping())) {
      Lan one = new Lan(behaviour);
      TransportAddress external = parse(one.reflexive(A1, B1).get(0));
      one.client.heard.clear();
      one.serverSeat.execute(now -> one.server.send(2, external, "from B"));
      one.world.run(SECOND);
      assertEquals(
          behaviour.is(NatBehaviour.Trait.FILTERS_PER_MAPPING), one.client.heard.isEmpty());
    }
  }

  @Test
  void portsAreAllocatedByTheRule() {
    assertEquals(ports(PortRule.preserving()), List.of(6000, 6001, 6002, 6003));
    List<Integer> climbing = ports(PortRule.sequential(2).within(40_000, 40_999));
    for (int i = 1; i < climbing.size(); i++) {
      int step = Math.floorMod(climbing.get(i) - climbing.get(i - 1), 1000);
      assertEquals(2, step, climbing.toString());
    }
    List<Integer> falling = ports(PortRule.sequential(-1));
    assertEquals(-3, falling.get(3) - falling.get(0));
    List<Integer> random = ports(PortRule.random().within(50_000, 50_999));
    assertTrue(random.stream().allMatch(port -> port >= 50_000 && port < 51_000));
    assertEquals(4, Set.copyOf(random).size());
    List<Integer> paired = ports(PortRule.random().keepingParity());
    assertEquals(
        List.of(0, 1, 0, 1), paired.stream().map(port -> port % 2).toList(), paired.toString());
    List<Integer> blocks = ports(PortRule.random().inBlocks(64));
    int first = (blocks.get(0) - 1024) / 64;
    assertTrue(blocks.stream().allMatch(port -> (port - 1024) / 64 == first), blocks.toString());
  }

  @Test
  void aBlockThatIsFullIsFollowedByAnother() {
    List<Integer> chosen = ports(PortRule.sequential(1).inBlocks(2));
    assertEquals(2, chosen.stream().map(port -> port / 2).distinct().count(), chosen.toString());
  }

  @Test
  void overloadedPortsServeSeveralRemotes() {
    Lan lan =
        new Lan(
            NatBehaviour.of(ADDRESS_AND_PORT, ADDRESS_AND_PORT)
                .ports(PortRule.preserving().overloading()));
    assertEquals(1, Set.copyOf(lan.reflexive(A1, A2, B1)).size());
  }

  @Test
  void mappingsExpireUnlessTheyAreRefreshed() {
    NatBehaviour five =
        NatBehaviour.of(ENDPOINT_INDEPENDENT, ENDPOINT_INDEPENDENT)
            .timeout(Duration.ofSeconds(5), false);
    Lan lan = new Lan(five);
    String before = lan.reflexive(A1).get(0);
    lan.world.run(Duration.ofSeconds(3));
    assertEquals(before, lan.reflexive(A1).get(0));
    lan.serverSeat.execute(now -> lan.server.send(0, parse(before), "inbound"));
    lan.world.run(Duration.ofMillis(4900));
    assertNotEquals(before, lan.reflexive(A1).get(0), "inbound packets do not refresh");

    Lan other = new Lan(five.timeout(Duration.ofSeconds(5), true));
    String kept = other.reflexive(A1).get(0);
    other.world.run(Duration.ofSeconds(3));
    other.serverSeat.execute(now -> other.server.send(0, parse(kept), "inbound"));
    other.world.run(Duration.ofSeconds(4));
    assertEquals(kept, other.reflexive(A1).get(0), "inbound packets refresh");
  }

  @Test
  void hairpinningGoesThroughTheFilterWithTheExternalSource() {
    for (boolean hairpins : new boolean[] {true, false}) {
      Lan one =
          new Lan(NatBehaviour.of(ENDPOINT_INDEPENDENT, ADDRESS_AND_PORT).hairpinning(hairpins));
      one.seat.execute(now -> one.client.bind(1, address("192.168.1.2", 5001)));
      TransportAddress first = parse(one.reflexive(A1).get(0));
      one.seat.execute(now -> one.client.send(1, A1, "x"));
      one.world.run(SECOND);
      TransportAddress second = parse(one.client.texts().get(1));
      one.client.heard.clear();
      one.seat.execute(now -> one.client.send(0, second, "closed").send(1, first, "open"));
      one.world.run(SECOND);
      assertEquals(hairpins ? List.of("open") : List.of(), one.client.texts());
      if (hairpins) {
        assertEquals(second, one.client.heard.get(0).flow().remote());
      }
    }
  }

  @Test
  void arbitraryPoolingMixesExternalAddresses() {
    Lan lan =
        new Lan(
            NatBehaviour.of(ADDRESS_AND_PORT, ADDRESS_AND_PORT).poolingAtRandom(),
            "198.51.100.1",
            "198.51.100.2",
            "198.51.100.3");
    List<InetAddress> seen = new ArrayList<>();
    for (int port = 6000; port < 6020; port++) {
      seen.add(parse(lan.reflexiveFrom(port)).ip());
    }
    assertEquals(3, Set.copyOf(seen).size());
  }

  @Test
  void errorsFindTheirWayThroughTwoNats() {
    NatBehaviour usual = NatBehaviour.of(ENDPOINT_INDEPENDENT, ADDRESS_AND_PORT);
    World world = new World(4787);
    Talker client = Talker.mute().open(1, Transport.UDP, A1);
    world.internet().host("server", FIVE_MS, A1.ip());
    Router carrier = world.internet().nat("carrier", FIVE_MS, usual, ip("198.51.100.1"));
    Router home = carrier.inside().nat("home", FIVE_MS, usual, ip("100.64.0.2"));
    Resident<String> seat =
        home.inside().host("client", FIVE_MS, ip("192.168.1.2")).run(client, event -> {});
    world.run(SECOND);
    Input.Opened opened = client.told(Input.Opened.class).get(0);
    seat.execute(now -> client.send(opened.flow(), "x"));
    world.run(SECOND);
    assertEquals(CloseCause.REFUSED, client.told(Input.Unreachable.class).get(0).cause());
  }

  @Test
  void connectionsAreTranslatedAndUdpCanBeBlocked() {
    Lan lan = new Lan(NatBehaviour.of(ADDRESS, ADDRESS_AND_PORT).blocking(Protocol.UDP));
    lan.serverSeat.listen(Transport.TCP, A1);
    lan.seat.execute(now -> lan.client.open(7, Transport.TCP, A1).send(0, A1, "x"));
    lan.world.run(SECOND);
    Input.Opened opened = lan.client.told(Input.Opened.class).get(0);
    lan.seat.execute(now -> lan.client.send(opened.flow(), "hello"));
    lan.world.run(SECOND);
    assertEquals(1, lan.client.heard.size());
    assertEquals("198.51.100.1", parse(lan.client.texts().get(0)).ip().getHostAddress());
    assertEquals(Transport.TCP, lan.client.heard.get(0).flow().transport());
  }

  @Test
  void payloadsAreRewrittenByBadGateways() {
    Lan lan = new Lan(NatBehaviour.of(ENDPOINT_INDEPENDENT, ADDRESS).rewritingPayload());
    TransportAddress external = parse(lan.reflexive(A1).get(0));
    lan.client.heard.clear();
    Bytes carried =
        Bytes.of(1, external.port() >> 8, external.port())
            .concat(Bytes.wrap(external.ip().getAddress()));
    lan.serverSeat.execute(now -> lan.server.sendBytes(0, external, carried));
    lan.world.run(SECOND);
    assertEquals(
        Bytes.of(1, 5000 >> 8, 5000).concat(Bytes.of(192, 168, 1, 2)),
        lan.client.heard.get(0).payload());
  }

  @Test
  void fragmentsCanBeStopped() {
    Lan lan = new Lan(NatBehaviour.of(ENDPOINT_INDEPENDENT, ADDRESS).droppingFragments());
    lan.seat.execute(now -> lan.client.send(0, A1, "x".repeat(1400)).send(0, A1, "x".repeat(1600)));
    lan.world.run(SECOND);
    assertEquals(1, lan.server.heard.size());
  }

  @Test
  void aRestartForgetsEverything() {
    Lan lan = new Lan(NatBehaviour.of(ENDPOINT_INDEPENDENT, ENDPOINT_INDEPENDENT));
    String before = lan.reflexive(A1).get(0);
    lan.nat.restart();
    lan.client.heard.clear();
    lan.serverSeat.execute(now -> lan.server.send(0, parse(before), "x"));
    lan.world.run(SECOND);
    assertTrue(lan.client.heard.isEmpty());
  }

  @Test
  void firewallsLetAnswersIn() {
    World world = new World(4787);
    Router wall = world.internet().firewall("wall", FIVE_MS, FirewallBehaviour.of(ADDRESS));
    Talker server = Talker.mirror().bind(0, A1).bind(1, A2).bind(2, B1);
    Resident<String> serverSeat =
        world.internet().host("server", FIVE_MS, A1.ip(), B1.ip()).run(server, event -> {});
    TransportAddress own = address("198.51.100.7", 5000);
    Talker walled = Talker.mute().bind(0, own);
    Resident<String> inside =
        wall.inside().host("walled", FIVE_MS, own.ip()).run(walled, event -> {});
    world.run(SECOND);
    serverSeat.execute(now -> server.send(0, own, "too early"));
    world.run(SECOND);
    inside.execute(now -> walled.send(0, A1, "x"));
    world.run(SECOND);
    serverSeat.execute(now -> server.send(1, own, "other port").send(2, own, "stranger"));
    world.run(SECOND);
    assertEquals(List.of(own.toString(), "other port"), walled.texts());
  }

  private static List<Integer> ports(PortRule rule) {
    Lan one = new Lan(NatBehaviour.of(ENDPOINT_INDEPENDENT, ADDRESS).ports(rule));
    List<Integer> seen = new ArrayList<>();
    for (int port = 6000; port < 6004; port++) {
      seen.add(parse(one.reflexiveFrom(port)).port());
    }
    return seen;
  }

  private static InetAddress ip(String text) {
    return IpLiterals.parse(text).orElseThrow();
  }

  private static TransportAddress address(String ip, int port) {
    return new TransportAddress(ip(ip), port);
  }

  private static TransportAddress parse(String text) {
    int colon = text.lastIndexOf(':');
    return address(text.substring(0, colon), Integer.parseInt(text.substring(colon + 1)));
  }

  /** A client behind a NAT, and a server in front of it. */
  private static final class Lan {
    final World world = new World(4787);
    final Talker server = Talker.mirror().bind(0, A1).bind(1, A2).bind(2, B1);
    final Talker client = Talker.mute().bind(0, address("192.168.1.2", 5000));
    final Resident<String> serverSeat =
        world.internet().host("server", FIVE_MS, A1.ip(), B1.ip()).run(server, event -> {});
    final Router nat;
    final Resident<String> seat;

    Lan(NatBehaviour behaviour, String... external) {
      List<String> pool = external.length == 0 ? List.of("198.51.100.1") : List.of(external);
      InetAddress[] ips = pool.stream().map(NatTest::ip).toArray(InetAddress[]::new);
      nat = world.internet().nat("nat", FIVE_MS, behaviour, ips);
      seat = nat.inside().host("client", FIVE_MS, ip("192.168.1.2")).run(client, event -> {});
      world.run(SECOND);
    }

    List<String> reflexive(TransportAddress... remotes) {
      client.heard.clear();
      for (TransportAddress remote : remotes) {
        seat.execute(now -> client.send(0, remote, "x"));
      }
      world.run(Duration.ofMillis(100));
      return client.texts();
    }

    String reflexiveFrom(int port) {
      client.heard.clear();
      seat.execute(now -> client.bind(port, address("192.168.1.2", port)));
      world.run(Duration.ofMillis(10));
      seat.execute(now -> client.send(port, A1, "x"));
      world.run(Duration.ofMillis(100));
      return client.texts().get(0);
    }
  }
}
