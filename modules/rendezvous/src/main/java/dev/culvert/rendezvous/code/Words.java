package dev.culvert.rendezvous.code;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** The words of codes: 2048, and no two begin with the same four letters. */
final class Words {
  static final List<String> ALL = load();

  private static final int SHORTEST_PREFIX = 3;
  private static final int FURTHEST = 3;

  private Words() {}

  private static List<String> load() {
    try (InputStream in = Words.class.getResourceAsStream("words.txt")) {
      if (in == null) {
        throw new IllegalStateException("the words of codes are missing");
      }
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return text.lines().filter(line -> !line.isEmpty() && !line.startsWith("#")).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The word that somebody meant who wrote this, in small letters: it, or what begins like it. */
  static Optional<String> find(String written) {
    if (ALL.contains(written)) {
      return Optional.of(written);
    }
    List<String> longer =
        written.length() < SHORTEST_PREFIX
            ? List.of()
            : ALL.stream().filter(word -> word.startsWith(written)).limit(2).toList();
    return longer.size() == 1 ? Optional.of(longer.get(0)) : Optional.empty();
  }

  /** The word that is most like what was written, if any is. */
  static Optional<String> nearest(String written) {
    return ALL.stream()
        .filter(word -> distance(written, word) <= Math.min(FURTHEST, word.length() / 2))
        .min(
            Comparator.comparingInt((String word) -> distance(written, word))
                .thenComparing(word -> !written.startsWith(word.substring(0, 1))));
  }

  /** How many letters have to be put in, left out or changed. */
  private static int distance(String one, String other) {
    int[] above = new int[other.length() + 1];
    for (int j = 0; j < above.length; j++) {
      above[j] = j;
    }
    for (int i = 1; i <= one.length(); i++) {
      int[] row = new int[above.length];
      row[0] = i;
      for (int j = 1; j < row.length; j++) {
        int change = above[j - 1] + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
        row[j] = Math.min(change, 1 + Math.min(row[j - 1], above[j]));
      }
      above = row;
    }
    return above[other.length()];
  }
}
