package dev.culvert.cli.check;

import dev.culvert.cli.Mark;
import dev.culvert.detect.Finding;
import java.util.Optional;
import java.util.function.Function;

/**
 * One line of a report for people.
 *
 * @param mark a judgement; empty for a fact that is neither good nor bad by itself
 * @param label what it is about
 * @param value what was found
 * @param meaning what that means for people, may be empty
 */
record Fact(Optional<Mark> mark, String label, String value, String meaning) {

  /** A fact that is neither good nor bad by itself. */
  static Fact plain(String label, String value, String meaning) {
    return new Fact(Optional.empty(), label, value, meaning);
  }

  /** A fact that is judged. */
  static Fact judged(Mark mark, String label, String value, String meaning) {
    return new Fact(Optional.of(mark), label, value, meaning);
  }

  /** The line for a finding: what {@code known} makes of a value, or why there is none. */
  static <T> Fact of(
      String label, Finding<T> finding, String ifNotMeasured, Function<T, Fact> known) {
    return finding
        .value()
        .map(known)
        .orElseGet(
            () ->
                finding
                    .reason()
                    .map(why -> judged(Mark.UNKNOWN, label, "unknown", why))
                    .orElseGet(() -> plain(label, "not measured", ifNotMeasured)));
  }
}
