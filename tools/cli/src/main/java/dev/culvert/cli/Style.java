package dev.culvert.cli;

/**
 * How text is dressed for one stream.
 *
 * @param color whether ANSI colours are understood and wanted
 * @param unicode whether signs beyond ASCII can be shown
 */
public record Style(boolean color, boolean unicode) {
  /** Neither colour nor anything beyond ASCII. */
  public static final Style PLAIN = new Style(false, false);

  private static final String RESET = "\u001b[0m";

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
