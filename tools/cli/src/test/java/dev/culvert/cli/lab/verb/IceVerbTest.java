package dev.culvert.cli.lab.verb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.lab.LabException;
import dev.culvert.lab.spec.LabSpec;
import dev.culvert.lab.spec.Profile;
import dev.culvert.lab.world.SimWorld;
import dev.culvert.lab.world.VerbRun;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IceVerbTest {
  private static final Duration LIMIT = Duration.ofMinutes(2);

  private static SimWorld world(String a, String b) throws LabException {
    SimWorld world =
        SimWorld.up(
            LabSpec.builder()
                .seed(6)
                .home("a", Profile.named(a).orElseThrow())
                .home("b", Profile.named(b).orElseThrow())
                .build());
    assertTrue(Verbs.named("node", List.of("--relay")).start(world, "s1", List.of()).isReady());
    return world;
  }

  private static VerbRun run(SimWorld world, String... options) throws LabException {
    List<String> arguments = new ArrayList<>(List.of("b"));
    arguments.addAll(List.of(options));
    VerbRun run = Verbs.named("ice").start(world, "a", arguments);
    assertTrue(world.await(run::isDone, LIMIT), run.output());
    return run;
  }

  @ParameterizedTest
  @CsvSource({
    "prc, prc, direct, srflx",
    "open, open, direct, host",
    "sym, sym, relayed, relay",
    "blocked, open, relayed, relay"
  })
  void theBestPathThereIs(String a, String b, String outcome, String type) throws LabException {
    try (SimWorld world = world(a, b)) {
      VerbRun run = run(world);
      Map<String, String> fields = run.fields();
      assertEquals(outcome, fields.get("outcome"), run.output());
      assertEquals(0, run.exitCode());
      assertEquals(type, fields.get("localType"), run.output());
      assertEquals("10", fields.get("back"), run.output());
      assertEquals("10", fields.get("peer.back"), run.output());
      assertTrue(run.output().startsWith(outcome + " after "), run.output());
    }
  }

  @Test
  void thePolicyDecidesWhetherARelayIsUsed() throws LabException {
    try (SimWorld world = world("open", "open")) {
      assertEquals("relayed", run(world, "--policy", "relay-only").fields().get("outcome"));
    }
    try (SimWorld world = world("sym", "sym")) {
      VerbRun run = run(world, "--policy", "direct-only", "--limit", "5s");
      assertEquals("unreachable", run.fields().get("outcome"), run.output());
      assertEquals(4, run.exitCode());
      assertTrue(run.output().startsWith("unreachable: "), run.output());
    }
  }

  @Test
  void withoutARelayThereIsNone() throws LabException {
    try (SimWorld world = world("sym", "sym")) {
      VerbRun run = run(world, "--no-relay", "--limit", "5s");
      assertEquals("unreachable", run.fields().get("outcome"), run.output());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "ice, needs the name of the one host",
    "ice a, needs two hosts",
    "ice z, there is no host 'z' here",
    "ice b --over pigeon, is none of",
    "ice b --count 0, --count is 1 to 10000",
    "ice b --limit 100ms, --limit is 1s to 10m",
    "ice b --policy fast, --policy is direct-only"
  })
  void whatCannotBeAskedForIsSaidInOneLine(String line, String words) throws LabException {
    try (SimWorld world = world("prc", "sym")) {
      List<String> all = List.of(line.split(" ", -1));
      IllegalArgumentException fault =
          assertThrows(
              IllegalArgumentException.class,
              () -> Verbs.named("ice").start(world, "a", all.subList(1, all.size())));
      assertTrue(String.valueOf(fault.getMessage()).contains(words), fault::toString);
    }
  }
}
