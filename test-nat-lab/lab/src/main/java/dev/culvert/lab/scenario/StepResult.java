package dev.culvert.lab.scenario;

import java.time.Duration;

/**
 * What became of one step.
 *
 * @param line its line in the file, from 1
 * @param text as it was written
 * @param outcome whether it came out as it must
 * @param detail for people: why it failed or was left out, more than one line possibly; empty if it
 *     passed
 * @param time how long it took in its world, virtual or real
 */
public record StepResult(int line, String text, Outcome outcome, String detail, Duration time) {
  /** How a step came out. */
  public enum Outcome {
    /** As it must. */
    PASSED,
    /** Not as it must. */
    FAILED,
    /** Left out, because a step before it failed that it builds on. */
    SKIPPED
  }
}
