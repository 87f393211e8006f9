package dev.culvert.natsim;

import dev.culvert.sansio.MonotonicTime;
import java.util.Comparator;
import java.util.PriorityQueue;

/** What is going to happen, in the order of time and, within one moment, of planning. */
final class EventQueue {
  private record Event(MonotonicTime when, long sequence, Runnable what) {}

  private final PriorityQueue<Event> events =
      new PriorityQueue<>(Comparator.comparing(Event::when).thenComparingLong(Event::sequence));
  private long sequence;

  void add(MonotonicTime when, Runnable what) {
    events.add(new Event(when, sequence++, what));
  }

  boolean isEmpty() {
    return events.isEmpty();
  }

  /** When the next event is due; the queue must not be empty. */
  MonotonicTime next() {
    return events.element().when();
  }

  Runnable take() {
    return events.remove().what();
  }
}
