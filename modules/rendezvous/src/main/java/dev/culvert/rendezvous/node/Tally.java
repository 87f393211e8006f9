package dev.culvert.rendezvous.node;

import java.util.HashMap;
import java.util.Map;

/** How many there are of each kind; keeps nothing of a kind of which there is none. */
final class Tally<K> {
  private final Map<K, Integer> counts = new HashMap<>();

  int of(K kind) {
    return counts.getOrDefault(kind, 0);
  }

  void add(K kind) {
    counts.merge(kind, 1, Integer::sum);
  }

  void remove(K kind) {
    counts.computeIfPresent(kind, (same, count) -> count > 1 ? count - 1 : null);
  }
}
