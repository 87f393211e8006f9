package dev.culvert.natsim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.sansio.Answer;
import dev.culvert.sansio.CloseCause;
import dev.culvert.sansio.Input;
import dev.culvert.sansio.IpLiterals;
import dev.culvert.sansio.MonotonicTime;
import dev.culvert.sansio.Question;
import dev.culvert.sansio.Transport;
import dev.culvert.sansio.TransportAddress;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class WorldTest {
  private static final Link FIVE_MS = Link.of(Duration.ofMillis(5));
  private static final Duration SECOND = Duration.ofSeconds(1);

  @Test
  void datagramsTakeTheTimeOfBothLinks() {
    World world = new World(1);
    Talker server = Talker.mirror().bind(0, address("203.0.113.1", 7));
    Talker client = Talker.mute().bind(0, address("203.0.113.9", 0));
    world.internet().host("server", FIVE_MS, ip("203.0.113.1")).run(server, event -> {});
    Resident<String> seat =
        world.internet().host("client", FIVE_MS, ip("203.0.113.9")).run(client, event -> {});
    world.run(SECOND);
    MonotonicTime start = world.now();
    seat.execute(now -> client.send(0, address("203.0.113.1", 7), "hello"));
    world.run(SECOND);
    assertEquals(List.of(client.local(0).toString()), client.texts());
    assertEquals(Duration.ofMillis(20), client.heard.get(0).when().since(start));
  }

  @Test
  void closedPortsAreToldToConnectedSocketsAlone() {
    World world = new World(1);
    world.internet().host("server", FIVE_MS, ip("203.0.113.1"));
    Talker client =
        Talker.mute()
            .bind(0, address("203.0.113.9", 0))
            .open(1, Transport.UDP, address("203.0.113.1", 7));
    Resident<String> seat =
        world.internet().host("client", FIVE_MS, ip("203.0.113.9")).run(client, event -> {});
    world.run(SECOND);
    Input.Opened opened = client.told(Input.Opened.class).get(0);
    seat.execute(now -> client.send(0, address("203.0.113.1", 7), "x").send(opened.flow(), "y"));
    world.run(SECOND);
    Input.Unreachable told = client.told(Input.Unreachable.class).get(0);
    assertEquals(1, client.told(Input.Unreachable.class).size());
    assertEquals(1, told.flow().id());
    assertEquals(CloseCause.REFUSED, told.cause());
  }

  @Test
  void connectionsOpenCarryBytesAndEnd() {
    World world = new World(1);
    Talker server = Talker.mirror();
    world
        .internet()
        .host("server", FIVE_MS, ip("203.0.113.1"))
        .run(server, event -> {})
        .listen(Transport.TCP, address("203.0.113.1", 7));
    Talker client =
        Talker.mute()
            .open(1, Transport.TCP, address("203.0.113.1", 7))
            .open(2, Transport.TCP, address("203.0.113.1", 8))
            .open(3, Transport.TLS, address("203.0.113.1", 7))
            .open(4, Transport.TCP, address("203.0.113.250", 7));
    Resident<String> seat =
        world.internet().host("client", FIVE_MS, ip("203.0.113.9")).run(client, event -> {});
    world.run(SECOND);
    Input.Opened opened = client.told(Input.Opened.class).get(0);
    assertTrue(server.told(Input.Opened.class).get(0).flow().id() < 0);
    seat.execute(now -> client.send(opened.flow(), "hello").close(1));
    world.run(Duration.ofSeconds(30));
    assertEquals(List.of("hello"), server.texts());
    assertEquals(CloseCause.FINISHED, server.told(Input.Closed.class).get(0).cause());
    List<Input.Closed> closed = client.told(Input.Closed.class);
    assertEquals(
        List.of(CloseCause.REFUSED, CloseCause.HANDSHAKE_FAILED, CloseCause.TIMED_OUT),
        closed.stream().map(Input.Closed::cause).toList());
  }

  @Test
  void theEndOfAMachineClosesItsSocketsAndPorts() {
    World world = new World(1);
    Host server = world.internet().host("server", FIVE_MS, ip("203.0.113.1"));
    TransportAddress port = address("203.0.113.1", 7);
    Resident<String> first = server.run(Talker.mirror().bind(0, port), event -> {});
    first.listen(Transport.TCP, port);
    Talker client = Talker.mute().open(1, Transport.TCP, port);
    world.internet().host("client", FIVE_MS, ip("203.0.113.9")).run(client, event -> {});
    world.run(SECOND);
    first.stop();
    Talker next = Talker.mirror().bind(0, port);
    server.run(next, event -> {}).listen(Transport.TCP, port);
    world.run(SECOND);
    assertEquals(port, next.local(0));
    assertEquals(1, client.told(Input.Closed.class).size());
  }

  @Test
  void namesAreAnsweredOrFail() {
    World world = new World(1);
    world.names().host("stun.example", List.of(ip("203.0.113.1")));
    Talker client = Talker.mute();
    Resident<String> seat =
        world.internet().host("client", FIVE_MS, ip("203.0.113.9")).run(client, event -> {});
    seat.execute(now -> client.ask(1, new Question.Addresses("stun.example")));
    seat.execute(now -> client.ask(2, new Question.Addresses("other.example")));
    seat.execute(now -> client.ask(3, new Question.Addresses("192.0.2.7")));
    world.run(SECOND);
    world.names().dead(true);
    seat.execute(now -> client.ask(4, new Question.Addresses("stun.example")));
    world.run(Duration.ofSeconds(6));
    List<Answer> answers =
        client.told(Input.Answered.class).stream().map(Input.Answered::answer).toList();
    assertEquals(new Answer.Addresses(List.of(ip("192.0.2.7"))), answers.get(0));
    assertEquals(new Answer.Addresses(List.of(ip("203.0.113.1"))), answers.get(1));
    assertInstanceOf(Answer.NotFound.class, answers.get(2));
    assertInstanceOf(Answer.Failed.class, answers.get(3));
  }

  @Test
  void lossAndDuplicationComeInTheirShares() {
    World world = new World(7);
    Link bad = FIVE_MS.losing(0.2).duplicating(0.1).jittering(Duration.ofMillis(3));
    Talker server = Talker.mute().bind(0, address("203.0.113.1", 7));
    world.internet().host("server", FIVE_MS, ip("203.0.113.1")).run(server, event -> {});
    Talker client = Talker.mute().bind(0, address("203.0.113.9", 0));
    Resident<String> seat =
        world.internet().host("client", bad, ip("203.0.113.9")).run(client, event -> {});
    world.run(SECOND);
    for (int i = 0; i < 10_000; i++) {
      int number = i;
      seat.execute(now -> client.send(0, address("203.0.113.1", 7), "n" + number));
    }
    world.run(SECOND);
    int different = (int) server.texts().stream().distinct().count();
    assertEquals(8000, different, 200);
    assertEquals(800, server.texts().size() - different, 100);
    assertNotEquals(server.texts().stream().sorted().toList(), server.texts(), "jitter reorders");
  }

  @Test
  void theSameSeedGivesTheSameRun() {
    assertEquals(trace(42), trace(42));
    assertNotEquals(trace(42), trace(43));
  }

  @Test
  void hopLimitsAreUsedUpByRoutersAndByTheInternet() {
    World world = new World(1);
    world.internet().transitHops(2);
    Router wall =
        world
            .internet()
            .firewall("wall", FIVE_MS, FirewallBehaviour.of(Dependence.ENDPOINT_INDEPENDENT));
    Talker server = Talker.mute().bind(0, address("203.0.113.1", 7));
    world.internet().host("server", FIVE_MS, ip("203.0.113.1")).run(server, event -> {});
    Talker client = Talker.mute().bind(0, address("198.51.100.2", 0));
    Resident<String> seat =
        wall.inside().host("client", FIVE_MS, ip("198.51.100.2")).run(client, event -> {});
    world.run(SECOND);
    for (int ttl = 1; ttl <= 5; ttl++) {
      int hops = ttl;
      seat.execute(now -> client.send(0, address("203.0.113.1", 7), "ttl" + hops, hops));
    }
    world.run(SECOND);
    assertEquals(List.of("ttl4", "ttl5"), server.texts());
  }

  @Test
  void hostsThatAreDownAnswerNothing() {
    World world = new World(1);
    Talker server = Talker.mirror().bind(0, address("203.0.113.1", 7));
    Host host = world.internet().host("server", FIVE_MS, ip("203.0.113.1"));
    host.run(server, event -> {});
    host.down(true);
    Talker client = Talker.mute().bind(0, address("203.0.113.9", 0));
    Resident<String> seat =
        world.internet().host("client", FIVE_MS, ip("203.0.113.9")).run(client, event -> {});
    world.run(SECOND);
    seat.execute(now -> client.send(0, address("203.0.113.1", 7), "x"));
    world.run(SECOND);
    assertTrue(client.heard.isEmpty());
    assertFalse(world.runUntil(() -> !client.heard.isEmpty(), SECOND));
  }

  private static List<String> trace(long seed) {
    World world = new World(seed);
    List<String> trace = new ArrayList<>();
    world.observe((now, where, packet, fate) -> trace.add(now + where + packet + fate));
    Link bad = FIVE_MS.losing(0.3).jittering(Duration.ofMillis(3));
    Talker server = Talker.mirror().bind(0, address("203.0.113.1", 7));
    world.internet().host("server", FIVE_MS, ip("203.0.113.1")).run(server, event -> {});
    Talker client = Talker.mute().bind(0, address("203.0.113.9", 0));
    Resident<String> seat =
        world.internet().host("client", bad, ip("203.0.113.9")).run(client, event -> {});
    world.run(SECOND);
    for (int i = 0; i < 20; i++) {
      seat.execute(now -> client.send(0, address("203.0.113.1", 7), "x"));
    }
    world.run(SECOND);
    return trace;
  }

  private static InetAddress ip(String text) {
    return IpLiterals.parse(text).orElseThrow();
  }

  private static TransportAddress address(String ip, int port) {
    return new TransportAddress(ip(ip), port);
  }
}
