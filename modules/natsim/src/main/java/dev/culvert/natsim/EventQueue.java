package dev.culvert.natsim;

import dev.culvert.sansio.MonotonicTime;
import java.util.PriorityQueue;

/** What is going to happen, in the order of time and, within one moment, of planning. */
final class EventQueue {
  private record Event(MonotonicTime when, long sequence, Runnable what)
      implements Comparable<Event> {
    @Override
    public int compareTo(Event other) {
      int byTime = when.compareTo(other.when);
      return byTime == 0 ? Long.compare(sequence, other.sequence) : byTime;
    }
  }

  private final PriorityQueue<Event> events = new PriorityQueue<>();
  private long sequence;

  void add(MonotonicTime when, Runnable what) {
    events.add(new Event(when, sequence++, what));
  }

  boolean isEmpty() {
    return events.isEmpty();
  }

  int size() {
    return events.size();
  }

  /** When the next event is due; the queue must not be empty. */
  MonotonicTime next() {
    return events.element().when();
  }

  Runnable take() {
    return events.remove().what();
  }
}
