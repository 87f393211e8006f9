package dev.culvert.lab.scenario;

import dev.culvert.lab.LabException;
import dev.culvert.lab.scenario.ScenarioResult.Outcome;
import dev.culvert.lab.spec.LabSpec;
import dev.culvert.lab.world.KernelWorld;
import dev.culvert.lab.world.LabWorld;
import dev.culvert.lab.world.SimWorld;
import dev.culvert.lab.world.Verb;
import dev.culvert.lab.world.WorldKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Runs scenarios. */
public final class ScenarioRunner {
  private ScenarioRunner() {}

  /**
   * Runs a scenario in a world of its own.
   *
   * @return what became of it; {@link Outcome#CANNOT} if it is not for such a world
   * @throws ScenarioFault if it asks for a verb that is none of {@code verbs}
   * @throws LabException if no such world can be had on this machine
   */
  public static ScenarioResult run(
      Scenario scenario, WorldKind kind, Collection<Verb> verbs, ScenarioListener listener)
      throws ScenarioFault, LabException {
    Map<String, Verb> known = known(scenario, verbs);
    List<String> limits = limits(scenario, kind);
    if (!limits.isEmpty()) {
      ScenarioResult result =
          new ScenarioResult(scenario, kind, Outcome.CANNOT, limits, List.of(), Duration.ZERO);
      listener.ended(result);
      return result;
    }
    ScenarioResult result;
    try (LabWorld world = up(scenario.topology(), kind)) {
      result = play(scenario, world, known, listener);
    }
    listener.ended(result);
    return result;
  }

  /**
   * Runs a scenario's steps in a world that is up already and stays up.
   *
   * @throws ScenarioFault if it asks for a verb that is none of {@code verbs}
   * @throws LabException if the listener cannot attach to it
   */
  public static ScenarioResult run(
      Scenario scenario, LabWorld world, Collection<Verb> verbs, ScenarioListener listener)
      throws ScenarioFault, LabException {
    ScenarioResult result = play(scenario, world, known(scenario, verbs), listener);
    listener.ended(result);
    return result;
  }

  /** Why a scenario cannot run in such a world, a line each; empty if it can. */
  public static List<String> limits(Scenario scenario, WorldKind kind) {
    Optional<Scenario.Restriction> only =
        scenario.restriction().filter(restriction -> restriction.world() != kind);
    if (only.isPresent()) {
      return List.of("only " + only.get().world().code() + ": " + only.get().reason());
    }
    return kind == WorldKind.SIM
        ? SimWorld.limits(scenario.topology())
        : KernelWorld.limits(scenario.topology());
  }

  private static LabWorld up(LabSpec spec, WorldKind kind) throws LabException {
    return kind == WorldKind.SIM ? SimWorld.up(spec) : KernelWorld.up(spec);
  }

  private static Map<String, Verb> known(Scenario scenario, Collection<Verb> verbs)
      throws ScenarioFault {
    Map<String, Verb> known = new TreeMap<>();
    verbs.forEach(verb -> known.put(verb.name(), verb));
    List<ScenarioFault.Problem> problems = new ArrayList<>();
    for (Step step : scenario.steps()) {
      step.action()
          .verb()
          .filter(word -> !known.containsKey(word.text()))
          .map(word -> LineFault.expecting(word, List.copyOf(known.keySet())))
          .ifPresent(fault -> problems.add(fault.in(scenario.file(), step.line())));
    }
    if (!problems.isEmpty()) {
      throw new ScenarioFault(problems);
    }
    return known;
  }

  private static ScenarioResult play(
      Scenario scenario, LabWorld world, Map<String, Verb> verbs, ScenarioListener listener)
      throws LabException {
    Stage stage = new Stage(world, verbs, listener.captureDirectory());
    listener.began(scenario, world);
    Duration start = world.elapsed();
    List<StepResult> results = new ArrayList<>();
    boolean goesOn = true;
    try {
      for (Step step : scenario.steps()) {
        StepResult result = goesOn ? perform(step, stage, listener) : skipped(step);
        boolean failed = result.outcome() == StepResult.Outcome.FAILED;
        goesOn &= !failed || step.action().isExpectation();
        results.add(result);
        listener.ended(result);
      }
    } finally {
      stage.stopAll();
    }
    boolean passed = results.stream().allMatch(r -> r.outcome() == StepResult.Outcome.PASSED);
    return new ScenarioResult(
        scenario,
        world.kind(),
        passed ? Outcome.PASSED : Outcome.FAILED,
        List.of(),
        results,
        world.elapsed().minus(start));
  }

  private static StepResult perform(Step step, Stage stage, ScenarioListener listener) {
    listener.began(step);
    Duration start = stage.world().elapsed();
    String detail = "";
    StepResult.Outcome outcome = StepResult.Outcome.PASSED;
    try {
      step.action().perform(stage);
    } catch (StepFailure | LabException | IllegalArgumentException e) {
      detail = String.valueOf(e.getMessage());
      outcome = StepResult.Outcome.FAILED;
    } catch (RuntimeException | AssertionError e) {
      // A broken invariant of the simulator or of a machine in it: a finding with a seed.
      String where =
          Stream.of(e.getSuppressed())
              .map(also -> ", " + also.getMessage())
              .collect(Collectors.joining());
      detail = e + where;
      outcome = StepResult.Outcome.FAILED;
    }
    stage.takeSaid().ifPresent(output -> listener.said(step, output));
    Duration time = stage.world().elapsed().minus(start);
    return new StepResult(step.line(), step.text(), outcome, detail, time);
  }

  private static StepResult skipped(Step step) {
    String why = "left out, because a step before it failed";
    return new StepResult(step.line(), step.text(), StepResult.Outcome.SKIPPED, why, Duration.ZERO);
  }
}
