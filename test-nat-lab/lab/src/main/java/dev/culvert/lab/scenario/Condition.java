package dev.culvert.lab.scenario;

import java.util.Optional;
import java.util.function.UnaryOperator;

/** What the value of a field must be. */
interface Condition {
  /**
   * What a condition may look at besides the value.
   *
   * @param resolve puts present addresses in the place of {@code {name}}
   * @param before the value of the same field when the same verb ran there before with the same
   *     arguments
   */
  record Sight(UnaryOperator<String> resolve, Optional<String> before) {}

  /** Whether it holds. */
  boolean holds(String value, Sight sight);

  /** For people, after "expected". */
  String words(Sight sight);
}
