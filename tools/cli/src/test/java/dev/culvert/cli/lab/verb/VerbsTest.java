package dev.culvert.cli.lab.verb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.lab.LabException;
import dev.culvert.lab.spec.LabSpec;
import dev.culvert.lab.spec.LinkSpec;
import dev.culvert.lab.world.LabWorld;
import dev.culvert.lab.world.SimWorld;
import dev.culvert.lab.world.VerbRun;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The verbs on simulated hosts; that they do the same on the kernel's is shown in the lab. */
class VerbsTest {
  private static final Duration LIMIT = Duration.ofMinutes(1);

  private static LabSpec spec(String a, String b, long seed) {
    return LabSpec.builder().seed(seed).home("a", a).home("b", b).build();
  }

  private static SimWorld withNode(LabSpec spec) throws LabException {
    SimWorld world = SimWorld.up(spec);
    assertTrue(Verbs.named("node").start(world, "s1", List.of()).isReady());
    return world;
  }

  private static VerbRun run(LabWorld world, String host, String... words) throws LabException {
    List<String> line = List.of(words);
    VerbRun run = Verbs.named(line.get(0)).start(world, host, line.subList(1, line.size()));
    assertTrue(world.await(run::isDone, LIMIT), run.output());
    return run;
  }

  @ParameterizedTest
  @CsvSource({
    "prc, prc, direct, 0",
    "prc, sym, unreachable, 4",
    "arc, sym, direct, 0",
    "sym, open, direct, 0",
    "blocked, open, unreachable, 4",
    "cgn-pair, cgn-pair, unreachable, 4",
    "cgn-hairpin, cgn-hairpin, direct, 0",
    "prc, same:a, direct, 0"
  })
  void reachIsWhatHolePunchingGives(String a, String b, String outcome, int exitCode)
      throws LabException {
    try (SimWorld world = withNode(spec(a, b, 3))) {
      VerbRun forth = run(world, "a", "reach", "b");
      VerbRun back = run(world, "b", "reach", "a");
      assertEquals(outcome, forth.fields().get("outcome"), forth.output());
      assertEquals(outcome, back.fields().get("outcome"), back.output());
      assertEquals(exitCode, forth.exitCode());
    }
  }

  private static SimWorld withRelay(LabSpec spec) throws LabException {
    SimWorld world = SimWorld.up(spec);
    assertTrue(Verbs.named("node", List.of("--relay")).start(world, "s1", List.of()).isReady());
    return world;
  }

  @ParameterizedTest
  @CsvSource({
    "sym, sym, any, udp, udp",
    "blocked, sym, any, tcp, udp",
    "blocked, blocked, any, tcp, tcp",
    "cgn-pair, cgn-pair, any, udp, udp",
    "sym, blocked, tls, tls, tls",
    "prc, same:a, tcp, tcp, tcp"
  })
  void relayIsWhatAlwaysWorks(String a, String b, String over, String ours, String theirs)
      throws LabException {
    try (SimWorld world = withRelay(spec(a, b, 4))) {
      VerbRun run = run(world, "a", "relay", "b", "--over", over);
      Map<String, String> fields = run.fields();
      assertEquals("relayed", fields.get("outcome"), run.output());
      assertEquals(0, run.exitCode());
      assertEquals(ours, fields.get("over"));
      assertEquals(theirs, fields.get("peer.over"));
      assertEquals("0", fields.get("lost"));
      assertEquals("20", fields.get("peer.sent"));
      assertTrue(run.output().startsWith("relayed after "), run.output());
    }
  }

  @ParameterizedTest
  @CsvSource({"sym, udp", "blocked, tcp", "blocked, tls"})
  void holdGoesOnUntilItIsStopped(String profile, String over) throws LabException {
    try (SimWorld world = withRelay(spec(profile, "open", 4))) {
      VerbRun hold = Verbs.named("hold").start(world, "a", List.of("--over", over));
      assertTrue(world.await(hold::isReady, LIMIT), hold.output());
      world.pass(Duration.ofMinutes(30));
      Map<String, String> fields = hold.fields();
      assertEquals("holding", fields.get("outcome"), hold.output());
      assertEquals("1", fields.get("allocations"), hold.output());
      assertEquals("true", fields.get("flows"), hold.output());
      assertEquals("0", fields.get("lostPercent"), hold.output());
      assertEquals("1", fields.get("challenges"), hold.output());
      assertFalse(hold.isDone());
      hold.stop();
      assertTrue(hold.isDone());
      assertEquals(0, hold.exitCode());
    }
  }

  @Test
  void whoHoldsWithAnotherPasswordIsRefusedOnce() throws LabException {
    try (SimWorld world = withRelay(spec("prc", "open", 4))) {
      VerbRun hold = Verbs.named("hold").start(world, "a", List.of("--password", "wrong"));
      assertTrue(world.await(hold::isReady, LIMIT), hold.output());
      world.pass(Duration.ofMinutes(30));
      assertEquals("failed", hold.fields().get("outcome"), hold.output());
      assertEquals("2", hold.fields().get("requests"), hold.output());
      assertTrue(hold.output().contains("reason the server does not accept"), hold.output());
      hold.stop();
      assertEquals(4, hold.exitCode());
    }
  }

  @Test
  void withoutARelayNothingIsRelayed() throws LabException {
    try (SimWorld world = withNode(spec("open", "open", 4))) {
      VerbRun run = run(world, "a", "relay", "b");
      assertEquals("unreachable", run.fields().get("outcome"), run.output());
      assertEquals("none", run.fields().get("over"));
      assertEquals(4, run.exitCode());
      assertTrue(run.output().startsWith("unreachable: no allocation: udp to "), run.output());
    }
  }

  @Test
  void aRelayStillAnswersStun() throws LabException {
    try (SimWorld world = withRelay(spec("prc", "blocked", 4))) {
      assertEquals("answered", run(world, "a", "stun").fields().get("outcome"));
      assertEquals("true", run(world, "b", "check", "-4").fields().get("ipv4.tcp"));
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void aRelayIsReachedOverBadLines(long seed) throws LabException {
    LabSpec lossy =
        LabSpec.builder()
            .seed(seed)
            .home("a", "sym")
            .home("b", "prc")
            .link("a", LinkSpec.parse("delay:40ms,jitter:20ms,loss:15%,duplicate:5%,reorder:5%"))
            .build();
    try (SimWorld world = withRelay(lossy)) {
      VerbRun run = run(world, "a", "relay", "b", "--limit", "30s");
      assertEquals("relayed", run.fields().get("outcome"), "seed " + seed + ": " + run.output());
    }
  }

  @Test
  void bothSidesTellTheSamePath() throws LabException {
    try (SimWorld world = withNode(spec("prc", "arc", 5))) {
      Map<String, String> fields = run(world, "a", "reach", "b").fields();
      assertEquals(fields.get("remote"), fields.get("peer.reflexive"));
      assertEquals(fields.get("peer.remote"), fields.get("reflexive"));
      assertTrue(Integer.parseInt(fields.get("elapsedMillis")) < 1000, fields.toString());
    }
  }

  @Test
  void neighboursMeetByTheirOwnAddresses() throws LabException {
    try (SimWorld world = withNode(spec("prc", "same:a", 5))) {
      Map<String, String> fields = run(world, "a", "reach", "b").fields();
      assertEquals(fields.get("peer.local"), fields.get("remote"), fields.toString());
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void lossOnlyCostsTime(long seed) throws LabException {
    LabSpec lossy =
        LabSpec.builder()
            .seed(seed)
            .home("a", "prc")
            .home("b", "prc")
            .link("a", LinkSpec.parse("delay:40ms,loss:10%"))
            .build();
    try (SimWorld world = withNode(lossy)) {
      VerbRun run = run(world, "a", "reach", "b");
      assertEquals("direct", run.fields().get("outcome"), "seed " + seed + ": " + run.output());
    }
  }

  @Test
  void whatCannotBeReachedIsSaidWithItsReason() throws LabException {
    try (SimWorld world = withNode(spec("prc", "sym", 1))) {
      VerbRun run = run(world, "a", "reach", "b", "--limit", "1s");
      assertEquals("1000", run.fields().get("elapsedMillis"));
      assertTrue(run.output().contains("nothing came from the other side"), run.output());
    }
  }

  @Test
  void ipv6NeedsNoTranslation() throws LabException {
    try (SimWorld world = withNode(spec("prc", "sym", 1))) {
      assertEquals("direct", run(world, "a", "reach", "b", "-6").fields().get("outcome"));
    }
  }

  @Test
  void stunTellsTheReflexiveAddress() throws LabException {
    try (SimWorld world = withNode(spec("prc", "blocked", 1))) {
      VerbRun first = run(world, "a", "stun", "--port=5000");
      assertEquals("answered", first.fields().get("outcome"));
      String reflexive = first.fields().getOrDefault("reflexive", "");
      assertTrue(reflexive.endsWith(":5000"), first.output());
      VerbRun second = run(world, "a", "stun", "s1", "-6");
      assertEquals(second.fields().get("local"), second.fields().get("reflexive"));
      VerbRun silent = run(world, "b", "stun", "s1");
      assertEquals("silent", silent.fields().get("outcome"));
      assertEquals(8, silent.exitCode());
    }
  }

  @Test
  void checkTellsWhatTheCommandTells() throws LabException {
    try (SimWorld world = withNode(spec("cgn-home", "sym", 1))) {
      VerbRun check = run(world, "a", "check", "-4");
      assertEquals("culvert.check/1", check.fields().get("schema"));
      assertEquals("endpoint-independent", check.fields().get("ipv4.mapping"));
      assertEquals("address-and-port-dependent", check.fields().get("ipv4.filtering"));
      assertEquals(0, check.exitCode());
      assertTrue(check.output().contains("hole punching"), check.output());
      VerbRun both = run(world, "b", "check", "--server", "s1");
      assertEquals("false", both.fields().get("ipv6.nat"), both.output());
    }
  }

  @Test
  void whatWasStoppedIsDone() throws LabException {
    try (SimWorld world = SimWorld.up(spec("prc", "sym", 1))) {
      VerbRun node = Verbs.named("node").start(world, "s1", List.of());
      assertFalse(node.isDone());
      node.stop();
      assertTrue(node.isDone());
      VerbRun reach = Verbs.named("reach").start(world, "a", List.of("b"));
      reach.stop();
      assertTrue(reach.isDone());
      assertEquals(5, reach.exitCode());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "reach, needs the name of the one host",
    "reach b c, needs the name of the one host",
    "reach a, needs two hosts",
    "reach z, there is no host 'z' here",
    "reach b --limit 5, ok",
    "reach b --limit 10ms, --limit is 200ms to 1m",
    "reach b --limit soon, is no duration",
    "reach b --fast, does not take '--fast'",
    "stun --port 70000, is no port",
    "stun s1 s2, asks one server",
    "stun --port, --port needs a value",
    "check s1, name a server with --server",
    "check --server nowhere, there is no host 'nowhere'",
    "relay, needs the name of the one host",
    "relay a, needs two hosts",
    "relay z, there is no host 'z' here",
    "relay b --over pigeon, is none of",
    "relay b --count 0, --count is 1 to 10000",
    "relay b --limit 100ms, --limit is 1s to 1m",
    "hold b, hold takes no 'b'",
    "hold --over dtls, the simulator knows no DTLS",
    "hold --over pigeon, is none of",
    "meet, needs the name of the one host",
    "meet b --nodes nowhere, there is no host 'nowhere'",
    "meet b --again soon, is no duration",
    "node --knows s2, --knows needs --rendezvous",
    "connect, needs the name of the one host",
    "connect b --nodes nowhere, there is no host 'nowhere'",
    "connect b --policy any, 'connect: --policy is direct-only, prefer-direct or relay-only'",
    "connect b --limit 1h, connect: --limit is 1s to 10m",
    "node --relay --nonce-lifetime 2h, --nonce-lifetime is 1s to 1h",
    "node --relay --lifetime 500ms, --lifetime is 1s to 1h",
    "node --relay --allow-peer everybody, is no range",
    "node --deny-peer 192.0.2.0/24, need --relay",
    "node --tls, does not take '--tls'"
  })
  void whatCannotBeAskedForIsSaidInOneLine(String line, String words) throws LabException {
    try (SimWorld world = SimWorld.up(spec("prc", "sym", 1))) {
      List<String> all = List.of(line.split(" ", -1));
      if (words.equals("ok")) {
        Verbs.named(all.get(0)).start(world, "a", all.subList(1, all.size())).stop();
        return;
      }
      IllegalArgumentException fault =
          assertThrows(
              IllegalArgumentException.class,
              () -> Verbs.named(all.get(0)).start(world, "a", all.subList(1, all.size())));
      String message = String.valueOf(fault.getMessage());
      assertTrue(message.contains(words), message);
      assertEquals(1, message.lines().count());
    }
  }
}
