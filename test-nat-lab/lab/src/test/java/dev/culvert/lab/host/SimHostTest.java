package dev.culvert.lab.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.lab.LabException;
import dev.culvert.lab.spec.LabSpec;
import dev.culvert.lab.spec.LinkSpec;
import dev.culvert.lab.world.SimWorld;
import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.TransportAddress;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Sockets and programs on simulated hosts, and virtual time as they see it. */
class SimHostTest {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration HOUR = Duration.ofHours(1);

  private SimWorld world;
  private WorldHosts hosts;
  private TestHost a;
  private TestHost s1;

  @BeforeEach
  void start() throws LabException {
    world = up(5);
    hosts = WorldHosts.of(world);
    a = hosts.host("a");
    s1 = hosts.host("s1");
  }

  @AfterEach
  void end() throws LabException {
    hosts.close();
    world.close();
  }

  @Test
  void serverSeesTheNatAndItsAnswerComesBack() throws Exception {
    LabSocket server = s1.udp(7000);
    LabSocket client = a.udp();
    client.send("hello", at(s1, 7000));
    LabDatagram heard = server.receive(SECOND).orElseThrow();
    assertEquals("hello", heard.text());
    assertEquals(world.addresses().getOrDefault("a-nat", List.of()).get(0), heard.from().ip());
    server.send("welcome", heard.from());
    LabDatagram answer = client.receive(SECOND).orElseThrow();
    assertEquals("welcome", answer.text());
    assertEquals(server.local(), answer.from());
  }

  @Test
  void serverAnswersFromTheAddressThatItsSocketHas() throws Exception {
    InetAddress second = world.addresses().getOrDefault("s1", List.of()).get(1);
    LabSocket server = s1.udp(second, 7000);
    assertEquals(new TransportAddress(second, 7000), server.local());
    LabSocket client = a.udp(5000);
    client.send("hello", server.local());
    server.send("welcome", server.receive(SECOND).orElseThrow().from());
    assertEquals(server.local(), client.receive(SECOND).orElseThrow().from());
  }

  @Test
  void waitingInVainTakesExactlyTheLimit() throws Exception {
    LabSocket socket = a.udp();
    Duration before = world.elapsed();
    assertEquals(Optional.empty(), socket.receive(HOUR));
    assertEquals(HOUR, world.elapsed().minus(before));
  }

  @Test
  void takenPortsAndForeignAddressesAreRefusedInOneLine() throws Exception {
    a.udp(7000);
    String taken = assertThrows(LabException.class, () -> a.udp(7000)).toString();
    assertTrue(taken.contains(": host a cannot open UDP "), taken);
    InetAddress foreign = s1.ipv4();
    String other = assertThrows(LabException.class, () -> a.udp(foreign, 7000)).toString();
    assertTrue(other.contains(": host a cannot open UDP "), other);
  }

  @Test
  void closedPortsAreFreeAgainAndClosedSocketsSaySo() throws Exception {
    LabSocket socket = a.udp(7000);
    socket.close();
    assertTrue(socket.isClosed());
    assertThrows(LabException.class, () -> socket.receive(SECOND));
    assertThrows(LabException.class, () -> socket.send("late", at(s1, 7000)));
    assertEquals(7000, a.udp(7000).local().port());
  }

  @Test
  void datagramsLargerThanUdpCarriesAreRefused() throws Exception {
    LabSocket socket = a.udp();
    Bytes large = Bytes.wrap(new byte[65_508]);
    assertThrows(IllegalArgumentException.class, () -> socket.send(large, at(s1, 7000)));
  }

  @Test
  void whatNobodyReceivesIsLostAtOneMebibyte() throws Exception {
    LabSocket server = s1.udp(7000);
    LabSocket client = a.udp();
    Bytes large = Bytes.wrap(new byte[60_000]);
    for (int i = 0; i < 30; i++) {
      client.send(large, server.local());
    }
    a.pause(SECOND);
    int heard = 0;
    while (server.receive(Duration.ZERO).isPresent()) {
      heard++;
    }
    assertEquals((1 << 20) / 60_256, heard);
  }

  @Test
  void programsTalkWhileTheTestWaits() throws Exception {
    Started<Integer> server = s1.start(host -> echo(host.udp(7000), 3));
    Started<List<String>> client =
        a.start(
            host -> {
              LabSocket socket = host.udp();
              List<String> heard = new ArrayList<>();
              for (String word : List.of("one", "two", "three")) {
                socket.send(word, at(s1, 7000));
                heard.add(socket.receive(SECOND).orElseThrow().text());
              }
              return heard;
            });
    assertFalse(server.isDone(), "nothing happens before time passes");
    assertEquals(List.of("one", "two", "three"), client.await(SECOND));
    assertEquals(3, server.await(SECOND));
  }

  @Test
  void timeoutsAndPausesOfProgramsAreVirtual() throws Exception {
    Started<Duration> program =
        a.start(
            host -> {
              LabSocket socket = host.udp();
              Duration before = world.elapsed();
              host.pause(HOUR);
              assertEquals(Optional.empty(), socket.receive(HOUR));
              return world.elapsed().minus(before);
            });
    assertEquals(HOUR.multipliedBy(2), program.await(HOUR.multipliedBy(3)));
  }

  @Test
  void programsWaitForEachOther() throws Exception {
    Started<String> first =
        a.start(
            host -> {
              host.pause(SECOND);
              return "done";
            });
    Started<String> second = s1.start(host -> first.await(HOUR) + " as well");
    assertEquals("done as well", second.await(HOUR));
  }

  @Test
  void failuresOfProgramsReachWhoeverWaits() throws Exception {
    AssertionError error = new AssertionError("wrong");
    Started<Object> asserting =
        a.start(
            host -> {
              throw error;
            });
    assertSame(error, assertThrows(AssertionError.class, () -> asserting.await(SECOND)));
    IllegalStateException exception = new IllegalStateException("broken");
    Started<Object> throwing =
        a.start(
            host -> {
              throw exception;
            });
    LabException told = assertThrows(LabException.class, () -> throwing.await(SECOND));
    assertSame(exception, told.getCause());
    assertEquals(Optional.of(exception), throwing.failure());
    assertEquals(2, hosts.programs().size());
  }

  @Test
  void programsThatNeverEndAreWaitedForNoLongerThanAsked() throws Exception {
    Started<Optional<LabDatagram>> waiting = a.start(host -> host.udp().receive(HOUR));
    LabException told = assertThrows(LabException.class, () -> waiting.await(SECOND));
    assertEquals("the program on host a did not end within 1000 ms", told.getMessage());
  }

  @Test
  void programsEndWithTheLab() throws Exception {
    Started<Object> waiting = a.start(host -> host.udp().receive(HOUR));
    Started<Object> fresh = a.start(host -> "never begun");
    world.pass(SECOND);
    Started<Object> late = a.start(host -> "never begun");
    hosts.close();
    assertTrue(waiting.isDone());
    assertTrue(fresh.isDone());
    assertFalse(late.isDone());
    assertThrows(LabException.class, () -> waiting.await(SECOND));
  }

  @Test
  void sameSeedSameStory() throws Exception {
    List<String> first = story(1);
    assertEquals(first, story(1));
    List<List<String>> others = new ArrayList<>();
    for (int seed = 2; seed < 6; seed++) {
      others.add(story(seed));
    }
    assertTrue(others.stream().anyMatch(other -> !other.equals(first)), "loss never differed");
  }

  @Test
  void commandsAreUnsupportedInOneLine() {
    UnsupportedOperationException told =
        assertThrows(UnsupportedOperationException.class, () -> a.command("true"));
    assertEquals(
        "commands of the operating system are unsupported in sim: host a is simulated; use the"
            + " kernel's world",
        told.getMessage());
    assertThrows(UnsupportedOperationException.class, () -> a.java(SimHostTest.class));
  }

  @Test
  void unknownHostsAreNamedWithTheKnownOnes() {
    IllegalArgumentException told =
        assertThrows(IllegalArgumentException.class, () -> hosts.host("z"));
    assertEquals("there is no host 'z' in this lab; there are s1, s2, a", told.getMessage());
    assertSame(a, hosts.host("a"));
  }

  /** What arrives of a hundred datagrams over a line that loses a third of them, and when. */
  private static List<String> story(long seed) throws Exception {
    List<String> story = new ArrayList<>();
    try (SimWorld world = up(seed);
        WorldHosts hosts = WorldHosts.of(world)) {
      TestHost server = hosts.host("s1");
      server.start(host -> echo(host.udp(7000), 1000));
      Started<Object> client =
          hosts
              .host("a")
              .start(
                  host -> {
                    LabSocket socket = host.udp();
                    for (int i = 0; i < 100; i++) {
                      socket.send("" + i, at(server, 7000));
                      socket
                          .receive(SECOND)
                          .ifPresent(heard -> story.add(heard + " at " + world.elapsed()));
                    }
                    return story;
                  });
      client.await(HOUR);
    }
    return story;
  }

  private static SimWorld up(long seed) throws LabException {
    return SimWorld.up(
        LabSpec.builder()
            .seed(seed)
            .home("a", "prc")
            .link("a", LinkSpec.parse(seed == 5 ? "delay:10ms" : "delay:10ms,loss:30%"))
            .build());
  }

  private static int echo(LabSocket socket, int count) throws LabException {
    for (int i = 0; i < count; i++) {
      LabDatagram heard = socket.receive(HOUR).orElseThrow();
      socket.send(heard.payload(), heard.from());
    }
    return count;
  }

  private static TransportAddress at(TestHost host, int port) {
    return new TransportAddress(host.ipv4(), port);
  }
}
