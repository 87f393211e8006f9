package dev.culvert.session.meet;

import dev.culvert.punch.PunchPlan;
import java.time.Duration;

/** What became of punching a path beside what ICE finds by itself; {@code words} are for people. */
public sealed interface PunchNews {
  /** One line for people. */
  String words();

  /**
   * An attempt begins.
   *
   * @param kind the plan
   * @param words why this one
   * @param attempt which of this call, from 1
   */
  record Began(PunchPlan.Kind kind, String words, int attempt) implements PunchNews {}

  /**
   * A path was opened and given to ICE, which checks it and moves data there.
   *
   * @param kind by which plan
   * @param took since the attempt began
   * @param roundTrip of the path
   */
  record Opened(PunchPlan.Kind kind, Duration took, Duration roundTrip) implements PunchNews {
    @Override
    public String words() {
      return kind + " opened a path";
    }
  }

  /**
   * An attempt came to nothing; another one follows after a pause, as long as there is no direct
   * path.
   *
   * @param kind the plan
   * @param words why
   */
  record Failed(PunchPlan.Kind kind, String words) implements PunchNews {}

  /**
   * Nothing is tried, and data stays on the relay, until one of the two is in another network.
   *
   * @param words why: what of the two NATs leaves no way, or that nothing is known of one of them
   */
  record Stays(String words) implements PunchNews {}
}
