package dev.culvert.lab.world;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.lab.LabException;
import dev.culvert.lab.spec.LabSpec;
import dev.culvert.lab.spec.LinkSpec;
import dev.culvert.lab.spec.Profile;
import dev.culvert.natsim.Resident;
import dev.culvert.sansio.IpLiterals;
import dev.culvert.sansio.TransportAddress;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SimWorldTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  /** A host that asks, and a server that answers with the address it was asked from. */
  private static final class Pair {
    final SimWorld world;
    final Echo asking = new Echo(false);
    final Echo answering = new Echo(true);
    final Resident<String> seat;
    private final TransportAddress server;

    Pair(SimWorld world, String host, boolean four) {
      this.world = world;
      this.server = new TransportAddress(first(world, "s1", four), 7);
      world.host("s1").run(answering.bind(0, server), event -> {});
      TransportAddress own = new TransportAddress(wildcard(four), 5000);
      seat = world.host(host).run(asking.bind(0, own), event -> {});
      world.pass(SECOND);
    }

    Optional<String> ask() {
      return ask(server);
    }

    Optional<String> ask(TransportAddress whom) {
      asking.heard.clear();
      seat.execute(now -> asking.send(0, whom, "?"));
      world.pass(SECOND);
      return asking.heard.stream().findFirst();
    }
  }

  @Test
  void everyProfileWorksInBothFamilies() {
    for (Profile profile : Profile.all()) {
      LabSpec spec = LabSpec.builder().home("a", profile).build();
      assertEquals(List.of(), SimWorld.limits(spec));
      boolean udp = !profile.name().equals("blocked");
      for (boolean four : new boolean[] {true, false}) {
        SimWorld world = SimWorld.up(spec);
        Optional<String> seen = new Pair(world, "a", four).ask();
        assertEquals(udp, seen.isPresent(), profile.name());
        boolean own =
            seen.orElse("").startsWith(IpLiterals.format(first(world, "a", four), true) + ":");
        boolean translated =
            four && profile.routers().stream().anyMatch(router -> router.translates());
        assertEquals(udp && !translated, own, profile.name() + " " + seen);
      }
    }
  }

  @Test
  void namesStandForAddresses() {
    SimWorld world = SimWorld.up(LabSpec.builder().home("a", "prc").build());
    Echo asking = new Echo(false).ask(1, "s1").ask(2, "s1-2").ask(3, "a-nat");
    world.host("a").run(asking, event -> {});
    world.pass(SECOND);
    assertEquals(
        List.of(
            "[/203.0.113.10, /2001:db8:0:0:0:0:0:a]",
            "[/198.51.100.10, /2001:db8:0:0:0:0:0:b]",
            "[/203.0.113.11]"),
        asking.answers);
  }

  @Test
  void aRebootForgetsAndANewAddressIsUsed() {
    SimWorld world = SimWorld.up(LabSpec.builder().home("a", "sym+ports=5000-65000").build());
    Pair pair = new Pair(world, "a", true);
    String before = pair.ask().orElseThrow();
    assertEquals(before, pair.ask().orElseThrow());
    world.reboot("a-nat");
    String after = pair.ask().orElseThrow();
    assertTrue(!before.equals(after), after);
    world.readdress("a-nat", Optional.empty());
    assertTrue(pair.ask().orElseThrow().startsWith("198.51.100.11:"));
    world.readdress("a-nat", IpLiterals.parse("198.51.100.77"));
    assertTrue(pair.ask().orElseThrow().startsWith("198.51.100.77:"));
    assertEquals(IpLiterals.parse("198.51.100.77"), Optional.of(first(world, "a-nat", true)));
  }

  @Test
  void aHostMovesToAnotherNetworkAndBack() {
    SimWorld world = SimWorld.up(LabSpec.builder().home("a", "prc").home("b", "full").build());
    Pair pair = new Pair(world, "a", true);
    assertTrue(pair.ask().orElseThrow().startsWith("203.0.113.11:"));
    world.move("a", "b-nat");
    assertTrue(pair.ask().orElseThrow().startsWith("198.51.100.11:"));
    world.move("a", "internet");
    assertEquals(
        Optional.of(IpLiterals.format(first(world, "a", true), false) + ":5000"), pair.ask());
    world.move("a", "a-nat");
    assertTrue(pair.ask().orElseThrow().startsWith("203.0.113.11:"));
  }

  @Test
  void linesAreCutMendedAndChanged() {
    SimWorld world = SimWorld.up(LabSpec.builder().home("a", "prc").build());
    Pair pair = new Pair(world, "a", true);
    for (String line : List.of("a", "a-nat", "s1")) {
      world.cut(line);
      assertEquals(Optional.empty(), pair.ask(), line);
      world.mend(line);
      assertTrue(pair.ask().isPresent(), line);
      world.relink(line, LinkSpec.parse("delay:600ms"));
      assertEquals(Optional.empty(), pair.ask(), line);
      world.relink(line, LinkSpec.PERFECT);
      world.pass(SECOND);
      assertTrue(pair.ask().isPresent(), line);
    }
  }

  @Test
  void behindANat64NamesLeadToIpv4() {
    SimWorld world =
        SimWorld.up(LabSpec.builder().home("a", "eim/adf/preserving+nat64+ipv6=none").build());
    assertTrue(
        world.addresses().getOrDefault("a", List.of()).stream()
            .noneMatch(Inet4Address.class::isInstance));
    Echo asking = new Echo(false).ask(1, "s1");
    world.host("a").run(asking, event -> {});
    TransportAddress server = new TransportAddress(first(world, "s1", true), 7);
    world.host("s1").run(new Echo(true).bind(0, server), event -> {});
    world.pass(SECOND);
    assertEquals(List.of("[/64:ff9b:0:0:0:0:cb00:710a]"), asking.answers);
    Pair pair = new Pair(world, "a", false);
    assertEquals(Optional.empty(), pair.ask(), "no IPv6 of its own leads out");
    InetAddress embedded = IpLiterals.parse("64:ff9b::203.0.113.10").orElseThrow();
    assertEquals(Optional.of("203.0.113.11:5000"), pair.ask(new TransportAddress(embedded, 7)));
  }

  @Test
  void whatIsNotThereIsRefused() {
    SimWorld world = SimWorld.up(LabSpec.builder().home("a", "prc").build());
    assertThrows(IllegalArgumentException.class, () -> world.host("a-nat"));
    assertThrows(IllegalArgumentException.class, () -> world.reboot("a"));
    assertThrows(IllegalArgumentException.class, () -> world.move("a", "nowhere"));
    assertThrows(IllegalArgumentException.class, () -> world.move("a-nat", "internet"));
    assertThrows(IllegalArgumentException.class, () -> world.cut("x"));
    assertThrows(IllegalArgumentException.class, () -> world.relink("x", LinkSpec.PERFECT));
    Optional<InetAddress> taken = Optional.of(first(world, "s1", true));
    assertThrows(IllegalArgumentException.class, () -> world.readdress("a-nat", taken));
  }

  @Test
  void theSameSeedGivesTheSameWorld() {
    LabSpec spec =
        LabSpec.builder()
            .seed(5)
            .home("a", "sym")
            .link("a", LinkSpec.parse("delay:10ms,jitter:5ms,loss:50%"))
            .build();
    assertEquals(answers(spec), answers(spec));
  }

  @Test
  void whatCrossesALineIsCaptured(@TempDir Path directory) throws Exception {
    Path outside = directory.resolve("a-nat.pcap");
    Path inside = directory.resolve("a.pcap");
    try (SimWorld world = SimWorld.up(LabSpec.builder().home("a", "prc").build())) {
      world.capture("a-nat", outside);
      world.capture("a", inside);
      assertThrows(IllegalArgumentException.class, () -> world.capture("x", outside));
      assertThrows(LabException.class, () -> world.capture("a", directory));
      assertTrue(new Pair(world, "a", true).ask().isPresent());
    }
    // A question and its answer, of 29 and 28 + 19 bytes; a router has them on both sides.
    assertEquals(24 + 16 + 29 + 16 + 28 + 17, Files.size(inside));
    assertEquals(24 + 2 * (16 + 29 + 16 + 28 + 17), Files.size(outside));
  }

  private static List<Optional<String>> answers(LabSpec spec) {
    Pair pair = new Pair(SimWorld.up(spec), "a", true);
    return List.of(pair.ask(), pair.ask(), pair.ask(), pair.ask(), pair.ask(), pair.ask());
  }

  private static InetAddress first(SimWorld world, String name, boolean four) {
    return world.addresses().getOrDefault(name, List.of()).stream()
        .filter(ip -> four == ip instanceof Inet4Address)
        .findFirst()
        .orElseThrow();
  }

  private static InetAddress wildcard(boolean four) {
    return IpLiterals.parse(four ? "0.0.0.0" : "::").orElseThrow();
  }
}
