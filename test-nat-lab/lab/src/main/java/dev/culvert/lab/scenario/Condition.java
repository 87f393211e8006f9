package dev.culvert.lab.scenario;

import java.util.function.UnaryOperator;

/** What the value of a field must be. */
interface Condition {
  /**
   * Whether it holds.
   *
   * @param resolve puts present addresses in the place of {@code {name}}
   */
  boolean holds(String value, UnaryOperator<String> resolve);

  /** For people, after "expected". */
  String words(UnaryOperator<String> resolve);
}
