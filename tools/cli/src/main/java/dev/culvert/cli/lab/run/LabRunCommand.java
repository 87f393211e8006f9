package dev.culvert.cli.lab.run;

import dev.culvert.cli.Console;
import dev.culvert.cli.ExitCode;
import dev.culvert.cli.Fault;
import dev.culvert.cli.lab.WorldConverter;
import dev.culvert.cli.lab.verb.Verbs;
import dev.culvert.lab.Lab;
import dev.culvert.lab.LabException;
import dev.culvert.lab.scenario.Scenario;
import dev.culvert.lab.scenario.ScenarioFault;
import dev.culvert.lab.scenario.ScenarioResult;
import dev.culvert.lab.scenario.ScenarioResult.Outcome;
import dev.culvert.lab.scenario.ScenarioRunner;
import dev.culvert.lab.world.KernelWorld;
import dev.culvert.lab.world.LabWorld;
import dev.culvert.lab.world.SimWorld;
import dev.culvert.lab.world.WorldKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code culvert lab run}. */
@Command(
    name = "run",
    header = "Runs scenario files, in the simulator and with this kernel's NATs.",
    description = {
      "A scenario says in a few lines what stands where, what happens, and what must be found:",
      "",
      "  scenario a phone behind a symmetric NAT meets a laptop at home",
      "  server s1 addresses 2",
      "  home a sym",
      "  home b prc",
      "  start s1 node",
      "  run a reach b",
      "  expect a outcome unreachable",
      "",
      "docs/nat-lab.md describes all that can be written. Results go to standard output, what"
          + " happens meanwhile to standard error; with -v every step, what it said, and in the"
          + " simulator the fate of every packet."
    },
    exitCodeList = {
      "0:everything that could run here passed",
      "1:a step or an expectation failed",
      "2:a file or the command line is not understood; the file, line and column are told",
      "5:nothing could run: no scenario is for that world",
      "6:no lab can start here, and --world kernel asked for one",
      "130:interrupted"
    })
public final class LabRunCommand implements Callable<Integer> {
  private final Console console;

  @Parameters(
      arity = "1..*",
      paramLabel = "FILE",
      description = "Scenarios; of a folder all *.scenario below it.")
  private List<Path> files = List.of();

  @Option(
      names = "--world",
      paramLabel = "WORLD",
      converter = WorldConverter.class,
      description = "sim or kernel (default: both, as far as they can).")
  private @Nullable WorldKind world;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "What chance follows from, in place of the scenario's own seed.")
  private @Nullable Long seed;

  @Option(
      names = "--pcap",
      paramLabel = "FOLDER",
      description = "Write what each host and router sends and receives to a pcap file in there.")
  private @Nullable Path captures;

  LabRunCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    ScenarioFiles read = ScenarioFiles.read(files);
    if (!read.problems().isEmpty()) {
      read.problems().forEach(problem -> console.tell(problem.toString()));
      return ExitCode.USAGE.number();
    }
    Set<WorldKind> wanted = wanted();
    makeFolder();
    List<ScenarioResult> results = new ArrayList<>();
    for (Scenario scenario : read.scenarios()) {
      Scenario seeded = seed == null ? scenario : scenario.withSeed(seed);
      for (WorldKind kind : wanted) {
        try {
          results.add(run(seeded, kind));
        } catch (ScenarioFault e) {
          e.problems().forEach(problem -> console.tell(problem.toString()));
          return ExitCode.USAGE.number();
        }
      }
    }
    RunView view = new RunView(results);
    console.show(view);
    if (view.count(Outcome.FAILED) > 0) {
      return ExitCode.INTERNAL.number();
    }
    return (view.count(Outcome.PASSED) > 0 ? ExitCode.OK : ExitCode.INCONCLUSIVE).number();
  }

  private Set<WorldKind> wanted() {
    if (world == WorldKind.SIM) {
      return EnumSet.of(WorldKind.SIM);
    }
    Optional<String> problem = Lab.problem();
    if (world == null) {
      problem.ifPresent(why -> console.say("no NATs of the kernel here: " + why));
      return problem.isPresent() ? EnumSet.of(WorldKind.SIM) : EnumSet.allOf(WorldKind.class);
    }
    if (problem.isPresent()) {
      throw new Fault(ExitCode.NO_NETWORK, "the lab: " + problem.get(), "--world sim needs no lab");
    }
    return EnumSet.of(WorldKind.KERNEL);
  }

  private void makeFolder() {
    if (captures != null) {
      try {
        Files.createDirectories(captures);
      } catch (IOException e) {
        throw Fault.usage(
            "cannot make the folder " + captures + " (" + e.getClass().getSimpleName() + ")",
            "name one that is yours");
      }
    }
  }

  private ScenarioResult run(Scenario scenario, WorldKind kind) throws ScenarioFault {
    List<String> limits = limits(scenario, kind);
    if (!limits.isEmpty()) {
      return new ScenarioResult(scenario, kind, Outcome.CANNOT, limits, List.of(), Duration.ZERO);
    }
    RunListener listener =
        new RunListener(console, scenario, Optional.ofNullable(captures), console.isVerbose());
    try (LabWorld up =
        kind == WorldKind.SIM
            ? SimWorld.up(scenario.topology())
            : KernelWorld.up(scenario.topology())) {
      return ScenarioRunner.run(scenario, up, Verbs.all(), listener);
    } catch (LabException e) {
      throw new Fault(
          ExitCode.NO_NETWORK, scenario.file() + " (" + kind.code() + "): " + e.getMessage(), "");
    }
  }

  private static List<String> limits(Scenario scenario, WorldKind kind) {
    if (!scenario.worlds().contains(kind)) {
      return List.of(scenario.restriction().map(Scenario.Restriction::reason).orElse("not asked"));
    }
    return kind == WorldKind.SIM
        ? SimWorld.limits(scenario.topology())
        : KernelWorld.limits(scenario.topology());
  }
}
