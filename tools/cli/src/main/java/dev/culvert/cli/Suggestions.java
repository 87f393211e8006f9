package dev.culvert.cli;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** Finds what somebody most likely meant. */
public final class Suggestions {
  private Suggestions() {}

  /** The word nearest to {@code typed}; empty if none is near enough to be what was meant. */
  public static Optional<String> nearest(String typed, Collection<String> words) {
    String given = typed.toLowerCase(Locale.ROOT);
    return words.stream()
        .filter(word -> distance(given, word) <= Math.max(1, Math.min(3, word.length() / 3)))
        .min(
            Comparator.comparingInt((String word) -> distance(given, word))
                .thenComparing(Comparator.naturalOrder()));
  }

  /** How many insertions, deletions, changes and swaps of neighbours lead from one to the other. */
  static int distance(String a, String b) {
    int[][] cost = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        if (i == 0 || j == 0) {
          cost[i][j] = i + j;
          continue;
        }
        boolean same = a.charAt(i - 1) == b.charAt(j - 1);
        cost[i][j] =
            Math.min(
                cost[i - 1][j - 1] + (same ? 0 : 1), Math.min(cost[i - 1][j], cost[i][j - 1]) + 1);
        boolean swapped =
            i > 1
                && j > 1
                && a.charAt(i - 1) == b.charAt(j - 2)
                && a.charAt(i - 2) == b.charAt(j - 1);
        if (swapped) {
          cost[i][j] = Math.min(cost[i][j], cost[i - 2][j - 2] + 1);
        }
      }
    }
    return cost[a.length()][b.length()];
  }
}
