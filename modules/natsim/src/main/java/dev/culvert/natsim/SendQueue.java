package dev.culvert.natsim;

import dev.culvert.sansio.MonotonicTime;
import java.util.ArrayDeque;
import java.util.OptionalLong;

/** One direction of a link with a rate: packets leave one after the other. */
final class SendQueue {
  private record Departure(long when, boolean spared) {}

  private final ArrayDeque<Departure> departures = new ArrayDeque<>();
  private int waiting;

  /** When the packet has left, in nanoseconds; empty if there is no place for it. */
  OptionalLong enqueue(Capacity capacity, int bytes, boolean spared, MonotonicTime now) {
    if (capacity.bitsPerSecond() == 0) {
      return OptionalLong.of(now.nanos());
    }
    settle(now);
    if (waiting >= capacity.queue() && !spared) {
      return OptionalLong.empty();
    }
    long start = departures.isEmpty() ? now.nanos() : departures.getLast().when();
    long departure = start + capacity.nanos(bytes);
    departures.add(new Departure(departure, spared));
    waiting += spared ? 0 : 1;
    return OptionalLong.of(departure);
  }

  /** How many packets wait that might be dropped. */
  int waiting(MonotonicTime now) {
    settle(now);
    return waiting;
  }

  private void settle(MonotonicTime now) {
    while (!departures.isEmpty() && departures.getFirst().when() <= now.nanos()) {
      waiting -= departures.removeFirst().spared() ? 0 : 1;
    }
  }
}
