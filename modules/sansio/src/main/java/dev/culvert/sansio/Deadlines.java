package dev.culvert.sansio;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;

/**
 * Which of many things is due next, where each has one deadline or none. Whoever has thousands of
 * them need not look at all after each datagram. Confined to one thread.
 *
 * @param <K> what is due; told apart by {@link Object#equals}
 */
public final class Deadlines<K> {
  /** So many entries that hold no more are left alone. */
  private static final int STALE = 64;

  private final Map<K, MonotonicTime> due = new HashMap<>();
  private final PriorityQueue<Entry<K>> entries =
      new PriorityQueue<>(
          Comparator.comparing((Entry<K> entry) -> entry.at).thenComparing(entry -> entry.order));
  private long order;

  private record Entry<K>(MonotonicTime at, long order, K key) {}

  /** Without any. */
  public Deadlines() {}

  /** In place of the deadline that it had; empty: it has none. */
  public void set(K key, Optional<MonotonicTime> at) {
    if (at.isEmpty()) {
      due.remove(key);
    } else if (!at.get().equals(due.put(key, at.get()))) {
      entries.add(new Entry<>(at.get(), order++, key));
      if (entries.size() > STALE + 2 * due.size()) {
        entries.removeIf(entry -> !holds(entry));
      }
    }
  }

  /** It is gone. */
  public void remove(K key) {
    due.remove(key);
  }

  /** Those whose time has come, the earliest first; they have no deadline until it is set anew. */
  public List<K> poll(MonotonicTime now) {
    List<K> late = new ArrayList<>();
    for (Optional<MonotonicTime> next = next();
        next.isPresent() && !now.isBefore(next.get());
        next = next()) {
      K key = entries.remove().key;
      due.remove(key);
      late.add(key);
    }
    return late;
  }

  /** The earliest; empty if there is none. */
  public Optional<MonotonicTime> next() {
    while (!entries.isEmpty()) {
      if (holds(entries.element())) {
        return Optional.of(entries.element().at);
      }
      entries.remove();
    }
    return Optional.empty();
  }

  private boolean holds(Entry<K> entry) {
    return entry.at.equals(due.get(entry.key));
  }
}
