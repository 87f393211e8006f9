package dev.culvert.detect;

/**
 * How a NAT chooses the external ports of fresh local ones (RFC 4787 §4.2).
 *
 * @param pattern the rule
 * @param step for {@link Pattern#SEQUENTIAL} the distance from one mapping to the next, negative if
 *     they count down; otherwise 0
 */
public record PortAllocation(Pattern pattern, int step) {

  /** Rules of allocation. */
  public enum Pattern {
    /** The external port is the local one as long as it is free. */
    PRESERVING("preserving"),
    /** Each next mapping lies a constant step from the last one. */
    SEQUENTIAL("sequential"),
    /** No order that would help to guess the next one. */
    RANDOM("random");

    private final String text;

    Pattern(String text) {
      this.text = text;
    }

    /** The word that reports show. */
    @Override
    public String toString() {
      return text;
    }
  }

  /** Refuses steps where there are none, and none where there must be one. */
  public PortAllocation {
    if ((pattern == Pattern.SEQUENTIAL) == (step == 0)) {
      throw new IllegalArgumentException("step " + step + " does not fit " + pattern);
    }
  }

  /** The rule, with its step if it has one. */
  @Override
  public String toString() {
    return step == 0 ? pattern.toString() : pattern + " (step " + step + ")";
  }
}
