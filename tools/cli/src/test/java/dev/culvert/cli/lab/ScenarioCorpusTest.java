package dev.culvert.cli.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.cli.lab.verb.Verbs;
import dev.culvert.lab.scenario.Scenario;
import dev.culvert.lab.scenario.ScenarioListener;
import dev.culvert.lab.scenario.ScenarioParser;
import dev.culvert.lab.scenario.ScenarioResult;
import dev.culvert.lab.scenario.ScenarioResult.Outcome;
import dev.culvert.lab.scenario.ScenarioRunner;
import dev.culvert.lab.world.WorldKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The scenarios of this project in virtual time, with the verbs of the command. */
class ScenarioCorpusTest {
  private static final Path SCENARIOS = Path.of("../../test-nat-lab/scenarios");
  private static final int COUNT = 73;

  static Stream<Path> files() throws IOException {
    try (Stream<Path> all = Files.list(SCENARIOS)) {
      return all.filter(file -> file.toString().endsWith(".scenario")).sorted().toList().stream();
    }
  }

  @ParameterizedTest
  @MethodSource("files")
  void comesOutAsItMust(Path file) throws Exception {
    Scenario scenario = ScenarioParser.read(file);
    ScenarioResult result =
        ScenarioRunner.run(scenario, WorldKind.SIM, Verbs.all(), ScenarioListener.NONE);
    String failures = String.join("\n", result.failures()) + "\n" + result.rerun().orElse("");
    assertEquals(Outcome.PASSED, result.outcome(), failures + result.limits());
  }

  @Test
  void areAllThere() throws Exception {
    assertEquals(COUNT, files().count());
  }

  @Test
  void comeOutTheSameWithTheSameSeed() throws Exception {
    for (String name :
        new String[] {"lossy-line", "profile-sym", "pool-exhaustion", "relay-bad-line"}) {
      Scenario scenario = ScenarioParser.read(SCENARIOS.resolve(name + ".scenario")).withSeed(99);
      String first = ran(scenario);
      assertEquals(first, ran(scenario));
      assertTrue(first.contains("run a"), first);
    }
  }

  private static String ran(Scenario scenario) throws Exception {
    return ScenarioRunner.run(scenario, WorldKind.SIM, Verbs.all(), ScenarioListener.NONE)
        .steps()
        .toString();
  }
}
