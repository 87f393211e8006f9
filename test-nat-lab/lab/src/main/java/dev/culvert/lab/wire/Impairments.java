package dev.culvert.lab.wire;

/**
 * What one link does to frames, each way.
 *
 * @param delay nanoseconds
 * @param jitter nanoseconds more or less, at most the delay
 * @param loss share of frames that are lost
 * @param duplication share of frames that arrive twice
 * @param reordering share of frames that skip the delay
 * @param bitsPerSecond 0: any
 */
record Impairments(
    long delay,
    long jitter,
    double loss,
    double duplication,
    double reordering,
    long bitsPerSecond) {

  /** Reads six words from {@code words}, beginning at {@code from}. */
  static Impairments of(String[] words, int from) {
    return new Impairments(
        Long.parseLong(words[from]),
        Long.parseLong(words[from + 1]),
        Double.parseDouble(words[from + 2]),
        Double.parseDouble(words[from + 3]),
        Double.parseDouble(words[from + 4]),
        Long.parseLong(words[from + 5]));
  }
}
