package dev.culvert.lab.host;

import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** The datagrams that arrived and wait to be received, as many as a system would keep. */
final class Inbox {
  private static final int MOST_BYTES = 1 << 20;

  /** What a datagram costs beside its payload. */
  private static final int OVERHEAD = 256;

  private final Queue<LabDatagram> waiting = new ArrayDeque<>();
  private int bytes;

  synchronized void add(LabDatagram datagram) {
    int cost = OVERHEAD + datagram.payload().length();
    if (bytes + cost <= MOST_BYTES) {
      bytes += cost;
      waiting.add(datagram);
      notifyAll();
    }
  }

  synchronized Optional<LabDatagram> poll() {
    LabDatagram first = waiting.poll();
    if (first == null) {
      return Optional.empty();
    }
    bytes -= OVERHEAD + first.payload().length();
    return Optional.of(first);
  }

  synchronized boolean isEmpty() {
    return waiting.isEmpty();
  }

  /** Has whoever waits look whether the socket is gone. */
  synchronized void stir() {
    notifyAll();
  }

  /** The next one; waits for it at most so long and no longer than until {@code gone}. */
  synchronized Optional<LabDatagram> take(long nanos, BooleanSupplier gone)
      throws InterruptedException {
    long started = System.nanoTime();
    long left = nanos;
    while (waiting.isEmpty() && !gone.getAsBoolean() && left > 0) {
      wait(TimeUnit.NANOSECONDS.toMillis(left) + 1);
      left = nanos - (System.nanoTime() - started);
    }
    return poll();
  }
}
