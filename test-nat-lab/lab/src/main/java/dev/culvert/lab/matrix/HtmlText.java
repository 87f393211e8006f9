package dev.culvert.lab.matrix;

/** HTML that grows; whatever is not markup goes through {@link #escape}. Confined to one thread. */
final class HtmlText {
  private final StringBuilder text = new StringBuilder();

  /** Adds markup as it is. */
  HtmlText raw(String markup) {
    text.append(markup);
    return this;
  }

  /** Adds text. */
  HtmlText text(String words) {
    text.append(escape(words));
    return this;
  }

  /**
   * Adds an element that holds text.
   *
   * @param start its name, attributes after it as they are
   */
  HtmlText element(String start, String words) {
    int space = start.indexOf(' ');
    raw("<" + start + ">").text(words);
    return raw("</" + (space < 0 ? start : start.substring(0, space)) + ">");
  }

  /** Text that is safe between tags and in quoted attributes. */
  static String escape(String words) {
    return MatrixJunit.printable(words)
        .replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;");
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
