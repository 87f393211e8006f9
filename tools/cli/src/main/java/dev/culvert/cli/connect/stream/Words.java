package dev.culvert.cli.connect.stream;

/** Words of the other side, such as may be shown on a terminal. */
public final class Words {
  private static final int MOST = 200;

  private Words() {}

  /** One line of what can be seen, at most 200 characters of it. */
  public static String clean(String text) {
    String seen =
        text.codePoints()
            .map(each -> isSeen(each) ? each : '?')
            .limit(MOST)
            .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
            .toString();
    return seen.strip();
  }

  /** Neither controls a terminal nor turns letters around. */
  static boolean isSeen(int character) {
    return switch (Character.getType(character)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> true;
    };
  }
}
