package dev.culvert.it;

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
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Runs every scenario in both worlds: the simulator's NATs and the kernel's must look the same. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(2400)
class WorldsAgreeTest {
  private static final Path SCENARIOS = Path.of("../scenarios");

  /** Checks wait more than they compute. */
  private static final int AT_ONCE = 3;

  /** Time in the kernel is real, so a busy machine leaves things unknown; the simulator never. */
  private static final int ATTEMPTS = 3;

  private static final int BOTH = 68;
  private static final int SIM_ONLY = 5;
  private static final int KERNEL_ONLY = 0;

  /** A scenario in both worlds. */
  private record Pair(Ran sim, Ran kernel) {
    boolean areBothAble() {
      return sim.able() && kernel.able();
    }

    boolean agrees() {
      return !areBothAble()
          || (kernel.result().passed() && sim.findings().equals(kernel.findings()));
    }

    /** What is otherwise in the kernel, line by line. */
    String disagreement() {
      List<String> both = sim.findings().lines().toList();
      return kernel.failures()
          + kernel
              .findings()
              .lines()
              .filter(line -> !both.contains(line))
              .collect(Collectors.joining("\n", "\n", ""));
    }
  }

  private record Ran(ScenarioResult result, List<VerbRecorder.Found> found) {
    boolean able() {
      return result.outcome() != Outcome.CANNOT;
    }

    String findings() {
      return Findings.of(found);
    }

    String failures() {
      return result.world().code()
          + ":\n"
          + String.join("\n", result.failures())
          + result.rerun().map(line -> "\n" + line).orElse("");
    }
  }

  private final Map<String, Future<Pair>> pairs = new TreeMap<>();
  private final ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE);

  @BeforeAll
  void begin() throws IOException {
    for (Path file : files()) {
      pairs.put(file.getFileName().toString(), threads.submit(() -> pair(file)));
    }
  }

  @AfterAll
  void end() {
    threads.shutdownNow();
  }

  private static List<Path> files() throws IOException {
    try (Stream<Path> all = Files.list(SCENARIOS)) {
      return all.filter(file -> file.toString().endsWith(".scenario")).sorted().toList();
    }
  }

  private static Pair pair(Path file) throws Exception {
    Scenario scenario = ScenarioParser.read(file);
    Ran sim = ran(scenario, WorldKind.SIM);
    Pair pair = new Pair(sim, ran(scenario, WorldKind.KERNEL));
    for (int attempt = 1; attempt < ATTEMPTS && !pair.agrees(); attempt++) {
      System.err.println(file.getFileName() + " is tried again: " + pair.disagreement());
      pair = new Pair(sim, ran(scenario, WorldKind.KERNEL));
    }
    return pair;
  }

  private static Ran ran(Scenario scenario, WorldKind kind) throws Exception {
    VerbRecorder recorder = new VerbRecorder();
    ScenarioResult result =
        ScenarioRunner.run(scenario, kind, recorder.watching(Verbs.all()), ScenarioListener.NONE);
    return new Ran(result, recorder.found());
  }

  Stream<String> names() {
    return pairs.keySet().stream();
  }

  @ParameterizedTest
  @MethodSource("names")
  void comeOutTheSame(String name) throws Exception {
    Pair pair = Objects.requireNonNull(pairs.get(name)).get();
    for (Ran ran : List.of(pair.sim(), pair.kernel())) {
      assertTrue(!ran.able() || ran.result().passed(), ran.failures());
    }
    assertTrue(pair.sim().able() || pair.kernel().able(), "no world can run it");
    if (pair.areBothAble()) {
      assertEquals(pair.kernel().findings(), pair.sim().findings());
    }
  }

  @Test
  void coverWhatTheyShould() throws Exception {
    int both = 0;
    int sim = 0;
    int kernel = 0;
    for (Future<Pair> future : pairs.values()) {
      Pair pair = future.get();
      both += pair.areBothAble() ? 1 : 0;
      sim += pair.sim().able() && !pair.kernel().able() ? 1 : 0;
      kernel += !pair.sim().able() && pair.kernel().able() ? 1 : 0;
    }
    assertEquals(List.of(BOTH, SIM_ONLY, KERNEL_ONLY), List.of(both, sim, kernel));
  }
}
