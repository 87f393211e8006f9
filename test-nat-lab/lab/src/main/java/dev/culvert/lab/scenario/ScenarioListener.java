package dev.culvert.lab.scenario;

import dev.culvert.lab.LabException;
import dev.culvert.lab.world.LabWorld;
import java.nio.file.Path;

/** Is told how a run goes on, in the thread that runs it. */
public interface ScenarioListener {
  /** Wants to know nothing. */
  ScenarioListener NONE = new ScenarioListener() {};

  /** The world is up and nothing has happened in it: the moment to attach captures. */
  default void began(Scenario scenario, LabWorld world) throws LabException {}

  /** A step begins. */
  default void began(Step step) {}

  /** A step is over or left out. */
  default void ended(StepResult step) {}

  /** What a verb that was begun on a host said, once its step is over. */
  default void said(Step step, String output) {}

  /** The whole is over; its world is gone. */
  default void ended(ScenarioResult result) {}

  /** Where the files of {@code capture} steps go; the current directory unless told otherwise. */
  default Path captureDirectory() {
    return Path.of("");
  }
}
