package dev.culvert.lab.scenario;

/** One kind of line. */
interface Statement {
  /**
   * Reads the rest of such a line.
   *
   * @param keyword the word it begins with
   * @throws LineFault if it makes no sense
   * @throws IllegalArgumentException with one line for people, if the values do not go together
   */
  void read(Word keyword, Cursor line, Draft draft);
}
