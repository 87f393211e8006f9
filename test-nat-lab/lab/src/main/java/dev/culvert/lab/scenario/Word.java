package dev.culvert.lab.scenario;

/**
 * One word of a line.
 *
 * @param text without its quotes
 * @param column where it begins, from 1
 * @param end the column just behind it
 * @param quoted whether it stood in quotes, so that nothing in it has a meaning of its own
 */
record Word(String text, int column, int end, boolean quoted) {
  /** The part of a word without quotes from {@code start} to {@code stop}, as a word of its own. */
  Word part(int start, int stop) {
    return new Word(text.substring(start, stop), column + start, column + stop, quoted);
  }
}
