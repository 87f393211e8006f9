package dev.culvert.lab.scenario;

import java.util.List;

/** What is wrong in the line at hand; the parser adds which line that is. */
final class LineFault extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final int column;
  private final transient List<String> expected;
  private final String found;

  private LineFault(int column, List<String> expected, String found, String message) {
    super(message, null, false, false);
    this.column = column;
    this.expected = List.copyOf(expected);
    this.found = found;
  }

  /** Something that no list of words would mend. */
  static LineFault saying(int column, String message) {
    return new LineFault(column, List.of(), "", message);
  }

  /** Something else than {@code expected}, of which each is a word or describes one. */
  static LineFault expecting(Word found, List<String> expected) {
    String guess =
        NearestWord.of(found.text(), expected)
            .map(near -> "; did you mean " + near + "?")
            .orElse("");
    String quoted = "\"" + shortened(found.text()) + "\"";
    return new LineFault(
        found.column(),
        expected,
        found.text(),
        "expected " + alternatives(expected) + ", found " + quoted + guess);
  }

  /** A name that nothing has; {@code expected} says what kind, then some that exist. */
  static LineFault unknownName(Word found, List<String> expected) {
    List<String> existing = expected.subList(1, expected.size());
    String guess =
        NearestWord.of(found.text(), existing)
            .map(near -> "; did you mean " + near + "?")
            .orElse(existing.isEmpty() ? "" : " (there are " + String.join(", ", existing) + ")");
    return new LineFault(
        found.column(),
        expected,
        found.text(),
        "expected " + expected.get(0) + ", found \"" + shortened(found.text()) + "\"" + guess);
  }

  /** Nothing where one of {@code expected} should be. */
  static LineFault ending(int column, List<String> expected) {
    return new LineFault(
        column, expected, "", "expected " + alternatives(expected) + ", found the end of the line");
  }

  ScenarioFault.Problem in(String file, int line) {
    return new ScenarioFault.Problem(
        file, line, column, expected, found, String.valueOf(getMessage()));
  }

  private static String alternatives(List<String> all) {
    int last = all.size() - 1;
    return last < 1
        ? String.join("", all)
        : String.join(", ", all.subList(0, last)) + " or " + all.get(last);
  }

  private static String shortened(String text) {
    return text.length() > 40 ? text.substring(0, 40) + "..." : text;
  }
}
