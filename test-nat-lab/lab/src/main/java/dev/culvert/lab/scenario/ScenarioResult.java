package dev.culvert.lab.scenario;

import dev.culvert.lab.world.WorldKind;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What became of a scenario in one world.
 *
 * @param scenario the one, with the seed that was used
 * @param world where it ran or would have
 * @param outcome how it came out
 * @param limits why this world cannot run it, a line each; empty if it can
 * @param steps a result for each step, in order; empty if it did not run
 * @param time how long it took in its world, virtual or real
 */
public record ScenarioResult(
    Scenario scenario,
    WorldKind world,
    Outcome outcome,
    List<String> limits,
    List<StepResult> steps,
    Duration time) {
  /** How a scenario came out. */
  public enum Outcome {
    /** Every step passed. */
    PASSED,
    /** A step failed. */
    FAILED,
    /** It is not for this world, or this world cannot express it. */
    CANNOT
  }

  /** Copies the lists. */
  public ScenarioResult {
    limits = List.copyOf(limits);
    steps = List.copyOf(steps);
  }

  /** Whether every step passed. */
  public boolean passed() {
    return outcome == Outcome.PASSED;
  }

  /** What went wrong, as compilers say it: {@code home.scenario:12: expected 1, found 2}. */
  public List<String> failures() {
    return steps.stream()
        .filter(step -> step.outcome() == StepResult.Outcome.FAILED)
        .map(
            step -> scenario.file() + ":" + step.line() + ": " + step.text() + ": " + step.detail())
        .toList();
  }

  /** The command that repeats a failure exactly; empty unless it failed in the simulator. */
  public Optional<String> rerun() {
    return outcome == Outcome.FAILED && world == WorldKind.SIM
        ? Optional.of(
            "culvert lab run " + quoted(scenario.file()) + " --world sim --seed " + scenario.seed())
        : Optional.empty();
  }

  private static String quoted(String file) {
    return file.matches("[A-Za-z0-9_./+:@%-]+") ? file : "'" + file.replace("'", "'\\''") + "'";
  }
}
