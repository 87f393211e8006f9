package dev.culvert.lab.scenario;

import dev.culvert.lab.LabException;
import java.util.Optional;

/** What a step does. */
interface Action {
  /**
   * Does it.
   *
   * @throws StepFailure if it did not come out as it must
   * @throws IllegalArgumentException if the world or a verb refuses
   */
  void perform(Stage stage) throws LabException, StepFailure;

  /** The verb that it begins, if it begins one. */
  default Optional<Word> verb() {
    return Optional.empty();
  }

  /** Whether the steps after it make sense although it failed. */
  default boolean isExpectation() {
    return false;
  }
}
