package dev.culvert.cli.turn;

/** What a {@link RelayTest} tells. */
sealed interface TestEvent {

  /**
   * Something happened that people who watch may want to know.
   *
   * @param where the way, in words
   * @param what a sentence
   */
  record Step(String where, String what) implements TestEvent {}

  /** One way is judged. */
  record Judged(WayResult result) implements TestEvent {}

  /** Nothing follows; everything is given back. */
  record Finished() implements TestEvent {}
}
