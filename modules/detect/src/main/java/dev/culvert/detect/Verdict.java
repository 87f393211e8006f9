package dev.culvert.detect;

import java.util.List;

/**
 * What a report means for meeting peers, in words.
 *
 * @param grade how hard it will be
 * @param summary one or a few sentences for people
 * @param actions what to do next, the most useful first; at most three
 */
public record Verdict(Grade grade, String summary, List<String> actions) {

  /** How hard it is to meet peers from here. */
  public enum Grade {
    /** Direct with most peers. */
    GOOD("good"),
    /** Direct with easy peers alone. */
    HARD("hard"),
    /** Hardly anybody is met without a relay. */
    RELAY_ONLY("relay-only"),
    /** UDP does not work. */
    BLOCKED("blocked"),
    /** The evidence does not suffice. */
    INCONCLUSIVE("inconclusive");

    private final String text;

    Grade(String text) {
      this.text = text;
    }

    /** The word that reports show. */
    @Override
    public String toString() {
      return text;
    }
  }

  /** Copies the list; refuses more than three actions. */
  public Verdict {
    actions = List.copyOf(actions);
    if (actions.size() > 3) {
      throw new IllegalArgumentException("at most three actions, not " + actions.size());
    }
  }

  /** What {@code report} means. */
  public static Verdict of(NatReport report) {
    return VerdictWriter.write(report);
  }
}
