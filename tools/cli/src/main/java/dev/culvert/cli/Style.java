package dev.culvert.cli;

import java.util.function.UnaryOperator;

/**
 * How text is dressed for one stream.
 *
 * @param color whether ANSI colours are understood and wanted
 * @param unicode whether signs beyond ASCII can be shown
 * @param redaction what becomes of text that may hold addresses, so that columns can be laid out
 */
public record Style(boolean color, boolean unicode, UnaryOperator<String> redaction) {
  /** Neither colour nor anything beyond ASCII. */
  public static final Style PLAIN = new Style(false, false, UnaryOperator.identity());

  private static final String RESET = "\u001b[0m";

  /** The text as it may be seen. */
  public String redacted(String text) {
    return redaction.apply(text);
  }

  /** The mark's sign, in its colour where there is colour. */
  public String mark(Mark mark) {
    return paint(mark, mark.sign(unicode));
  }

  /** The text in the mark's colour where there is colour. */
  public String paint(Mark mark, String text) {
    return color ? "\u001b[" + mark.color() + "m" + text + RESET : text;
  }

  /** The text in bold where there is colour. */
  public String bold(String text) {
    return color ? "\u001b[1m" + text + RESET : text;
  }

  /** The text stepped back where there is colour. */
  public String faint(String text) {
    return color ? "\u001b[2m" + text + RESET : text;
  }
}
