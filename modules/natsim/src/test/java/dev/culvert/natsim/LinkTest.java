package dev.culvert.natsim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.Flow;
import dev.culvert.sansio.IpLiterals;
import dev.culvert.sansio.MonotonicTime;
import dev.culvert.sansio.Output;
import dev.culvert.sansio.Transport;
import dev.culvert.sansio.TransportAddress;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Rates, queues, sizes, cuts, and lines that change. */
class LinkTest {
  private static final Link FIVE_MS = Link.of(Duration.ofMillis(5));
  private static final Duration SECOND = Duration.ofSeconds(1);

  /** A client behind a router, and a server in the Internet. */
  private static final class Path {
    final World world = new World(7);
    final TransportAddress server;
    final Talker serving = Talker.mute();
    final Talker asking = Talker.mute();
    final Router wall;
    final Host client;
    final Resident<String> seat;
    final Trace trace = new Trace(100);

    Path(Link far, Link near, boolean four) {
      server = new TransportAddress(ip(four ? "203.0.113.1" : "2001:db8::1"), 7);
      world.internet().routing(ip("192.0.2.1"), ip("2001:db8::ffff"));
      world.internet().host("server", far, server.ip()).run(serving.bind(0, server), e -> {});
      wall = world.internet().firewall("wall", FIVE_MS, FirewallBehaviour.passing());
      InetAddress own = ip(four ? "198.51.100.2" : "2001:db8:1::2");
      client = wall.inside().host("client", near, own);
      seat = client.run(asking.bind(0, new TransportAddress(own, 5000)), e -> {});
      world.observe(trace);
      world.run(SECOND);
    }

    /** How many datagrams of that size get through, of one. */
    int send(int size, boolean dontFragment) {
      serving.heard.clear();
      Flow flow = new Flow(0, Transport.UDP, server, server);
      Output.Send send = new Output.Send(flow, Bytes.wrap(new byte[size]), 0, dontFragment);
      seat.execute(now -> asking.perform(send));
      world.run(SECOND);
      return serving.heard.size();
    }

    boolean saw(String words) {
      return trace.lines().stream().anyMatch(line -> line.contains(words));
    }
  }

  @Test
  void packetsOfSlowLinesFollowEachOther() {
    Link slow = FIVE_MS.carrying(Capacity.ETHERNET.withRate(80_000));
    for (boolean near : new boolean[] {true, false}) {
      Path path = new Path(near ? FIVE_MS : slow, near ? slow : FIVE_MS, true);
      MonotonicTime start = path.world.now();
      for (int i = 0; i < 3; i++) {
        path.seat.execute(now -> path.asking.send(0, path.server, "x".repeat(72)));
      }
      path.world.run(SECOND);
      List<Duration> times = path.serving.heard.stream().map(h -> h.when().since(start)).toList();
      // 100 bytes at 10,000 bytes/s, and four lines of 5 ms less the router's inner one.
      assertEquals(List.of(ms(25), ms(35), ms(45)), times);
    }
  }

  @Test
  void queuesThatAreFullDrop() {
    Link slow = FIVE_MS.carrying(new Capacity(80_000, 4, 1500));
    Path path = new Path(FIVE_MS, slow, true);
    for (int i = 0; i < 10; i++) {
      path.seat.execute(now -> path.asking.send(0, path.server, "x".repeat(72)));
    }
    path.world.run(SECOND);
    assertEquals(4, path.serving.heard.size());
    assertTrue(path.saw("the queue is full"));
  }

  @Test
  void whatIsTooBigIsCutOrSaidToBe() {
    Link small = FIVE_MS.carrying(Capacity.ETHERNET.withMtu(1300));
    Path path = new Path(small, FIVE_MS, true);
    assertEquals(1, path.send(1400, false));
    assertTrue(path.saw("in 2 fragments"));
    assertEquals(1, path.send(1272, true));
    assertEquals(0, path.send(1273, true));
    assertTrue(path.saw("ICMP too big 192.0.2.1:0 > 198.51.100.2:5000"));
    assertFalse(path.saw("too big for 1300 bytes"));
    assertEquals(0, path.send(1273, true));
    assertTrue(path.saw("client       #0 UDP"), "the host has learnt the size of the path");
    assertTrue(path.saw("too big for 1300 bytes"));
  }

  @Test
  void sendersOfIpv6CutOnceTheyHaveBeenTold() {
    Path path = new Path(FIVE_MS.carrying(Capacity.ETHERNET.withMtu(1300)), FIVE_MS, false);
    assertEquals(0, path.send(1400, false));
    assertTrue(path.saw("ICMP too big [2001:db8::ffff]:0"));
    assertEquals(1, path.send(1400, false));
  }

  @Test
  void routersSayItOfTheirOwnLines() {
    Path path = new Path(FIVE_MS, FIVE_MS, true);
    path.wall.relink(FIVE_MS.carrying(Capacity.ETHERNET.withMtu(1280)));
    assertEquals(0, path.send(1400, true));
    assertTrue(path.saw("about (#1 UDP 198.51.100.2:5000"));
    path.wall.relink(FIVE_MS);
    assertEquals(0, path.send(1400, true), "what was learnt is not forgotten");
    assertEquals(1, path.send(1400, false));
  }

  @Test
  void blackHolesSayNothing() {
    Link small = FIVE_MS.carrying(Capacity.ETHERNET.withMtu(1300));
    Path own = new Path(FIVE_MS, FIVE_MS, true);
    own.wall.relink(small);
    own.wall.blackHole(true);
    Path others = new Path(small, FIVE_MS, true);
    others.wall.blackHole(true);
    for (Path path : List.of(own, others)) {
      for (int i = 0; i < 3; i++) {
        assertEquals(0, path.send(1400, true));
      }
      assertTrue(
          path.trace.lines().stream()
              .noneMatch(line -> line.contains(" client ") && line.contains("ICMP")));
      assertEquals(1, path.send(1272, true));
    }
    assertTrue(others.saw("a black hole"));
    assertFalse(own.saw("ICMP"));
  }

  @Test
  void someOvertakeOthers() {
    Path path = new Path(FIVE_MS, Link.of(Duration.ofMillis(50)).reordering(0.2), true);
    for (int i = 0; i < 1000; i++) {
      path.seat.execute(now -> path.asking.send(0, path.server, "x"));
    }
    MonotonicTime start = path.world.now();
    path.world.run(SECOND);
    long early =
        path.serving.heard.stream().filter(h -> h.when().since(start).equals(ms(10))).count();
    assertEquals(1000, path.serving.heard.size());
    assertTrue(Math.abs(early - 200) <= 40, early + " overtook");
  }

  @Test
  void linesAreCutAndMended() {
    Path path = new Path(FIVE_MS, FIVE_MS, true);
    path.client.cut(true);
    assertEquals(0, path.send(5, false));
    path.client.cut(false);
    assertEquals(1, path.send(5, false));
    path.wall.cut(true);
    assertEquals(0, path.send(5, false));
    path.wall.cut(false);
    assertEquals(1, path.send(5, false));
  }

  @Test
  void theInternetSaysThatNoWayLeadsThereOrThatHopsAreUsedUp() {
    Path path = new Path(FIVE_MS, FIVE_MS, true);
    TransportAddress nowhere = new TransportAddress(ip("203.0.113.250"), 9);
    path.seat.execute(
        now ->
            path.asking
                .send(0, nowhere, "x")
                .send(0, path.server, "x", 1)
                .send(0, path.server, "y", 2));
    path.world.run(SECOND);
    assertTrue(path.saw("ICMP no route 192.0.2.1:0 > 198.51.100.2:5000"));
    assertTrue(path.saw("ICMP time exceeded 192.0.2.1:0 > 198.51.100.2:5000"));
    assertTrue(path.serving.heard.isEmpty());
  }

  private static Duration ms(int millis) {
    return Duration.ofMillis(millis);
  }

  private static InetAddress ip(String text) {
    return IpLiterals.parse(text).orElseThrow();
  }
}
