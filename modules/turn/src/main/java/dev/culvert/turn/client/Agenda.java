package dev.culvert.turn.client;

import dev.culvert.sansio.MonotonicTime;
import java.util.Comparator;
import java.util.Optional;
import java.util.PriorityQueue;

/** What is to be done at which time. */
final class Agenda {
  private final PriorityQueue<Entry> entries =
      new PriorityQueue<>(
          Comparator.comparing((Entry entry) -> entry.when).thenComparing(entry -> entry.order));
  private long made;

  /** Something to be done. */
  @FunctionalInterface
  interface Task {
    void run(MonotonicTime now);
  }

  /** Something noted down. */
  final class Entry {
    private final MonotonicTime when;
    private final long order;
    private final Task task;

    private Entry(MonotonicTime when, Task task) {
      this.when = when;
      this.order = made++;
      this.task = task;
    }

    /** Strikes it out; nothing happens if it is done already. */
    void cancel() {
      entries.remove(this);
    }
  }

  Entry at(MonotonicTime when, Task task) {
    Entry entry = new Entry(when, task);
    entries.add(entry);
    return entry;
  }

  void clear() {
    entries.clear();
  }

  /** Does what is due. */
  void advance(MonotonicTime now) {
    while (!entries.isEmpty() && !now.isBefore(entries.element().when)) {
      entries.remove().task.run(now);
    }
  }

  Optional<MonotonicTime> next() {
    return Optional.ofNullable(entries.peek()).map(entry -> entry.when);
  }
}
