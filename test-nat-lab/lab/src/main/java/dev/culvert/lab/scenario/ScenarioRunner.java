package dev.culvert.lab.scenario;

import dev.culvert.lab.LabException;
import dev.culvert.lab.scenario.ScenarioResult.Outcome;
import dev.culvert.lab.world.LabWorld;
import dev.culvert.lab.world.Verb;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Runs scenarios. */
public final class ScenarioRunner {
  private ScenarioRunner() {}

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
