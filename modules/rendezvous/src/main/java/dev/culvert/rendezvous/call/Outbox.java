package dev.culvert.rendezvous.call;

import dev.culvert.sansio.MonotonicTime;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/** Ordered messages that the other side has not acknowledged, and when they are said again. */
final class Outbox {
  private static final Duration FIRST = Duration.ofSeconds(1);
  private static final int MOST_DOUBLINGS = 3;
  private static final int MOST_AT_ONCE = 8;
  private static final int ROOM = 128;

  /** One of them. */
  record Entry(long sequence, CallMessage message) {}

  private final Deque<Entry> waiting = new ArrayDeque<>();
  private long next;
  private int attempt;
  private boolean doubt;
  private Optional<MonotonicTime> due = Optional.empty();

  /** Adds one, to be sent now. */
  Entry add(CallMessage message, MonotonicTime now) {
    Entry entry = new Entry(next++, message);
    waiting.add(entry);
    if (due.isEmpty()) {
      due = Optional.of(now.plus(FIRST));
    }
    return entry;
  }

  boolean isEmpty() {
    return waiting.isEmpty();
  }

  /** Whether anything was ever in it. */
  boolean hasBegun() {
    return next > 0;
  }

  /** What waits is said at once. */
  void hurry(MonotonicTime now) {
    if (!waiting.isEmpty()) {
      due = Optional.of(now);
    }
  }

  boolean isFull() {
    return waiting.size() >= ROOM;
  }

  /** How often the oldest was said in vain. */
  int attempt() {
    return attempt;
  }

  /** The other side has taken that many. */
  void acknowledged(long count, MonotonicTime now) {
    boolean progress = false;
    while (!waiting.isEmpty() && waiting.getFirst().sequence() < count) {
      waiting.removeFirst();
      progress = true;
    }
    if (progress) {
      attempt = 0;
      due = waiting.isEmpty() ? Optional.empty() : Optional.of(now.plus(FIRST));
    }
  }

  /** Those that are to be said again; empty while it is not time. */
  List<Entry> again(MonotonicTime now) {
    if (due.isEmpty() || now.isBefore(due.get())) {
      return List.of();
    }
    attempt++;
    doubt = attempt % 2 == 0;
    due = Optional.of(now.plus(FIRST.multipliedBy(1L << Math.min(attempt, MOST_DOUBLINGS))));
    return new ArrayList<>(waiting).subList(0, Math.min(waiting.size(), MOST_AT_ONCE));
  }

  /** Whether it was said in vain twice more, so that the other's key may be another by now. */
  boolean takeDoubt() {
    boolean doubted = doubt;
    doubt = false;
    return doubted;
  }

  /** All of them. */
  List<Entry> waiting() {
    return List.copyOf(waiting);
  }

  Optional<MonotonicTime> due() {
    return due;
  }
}
