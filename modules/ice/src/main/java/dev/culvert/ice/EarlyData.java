package dev.culvert.ice;

import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.Flow;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.function.Function;

/**
 * Data that came before this side's own check proved the way it came: the peer may send as soon as
 * its check was answered, and what it sends first is often what all the rest waits for.
 */
final class EarlyData {
  /** What the first flight of a QUIC handshake may be, and some more. */
  private static final int MOST = 16;

  private static final int MOST_BYTES = 24_000;

  private final Deque<Arrival> arrivals = new ArrayDeque<>();
  private int bytes;

  /** A datagram, and where it came from. */
  record Arrival(Flow from, Bytes data) {}

  /** What is to become of an arrival. */
  enum Fate {
    KEEP,
    DELIVER,
    DROP
  }

  /** Keeps it, in place of the oldest ones if there is no room. */
  void keep(Flow from, Bytes data) {
    if (data.length() > MOST_BYTES) {
      return;
    }
    arrivals.addLast(new Arrival(from, data));
    bytes += data.length();
    while (arrivals.size() > MOST || bytes > MOST_BYTES) {
      bytes -= arrivals.removeFirst().data().length();
    }
  }

  /** The next that may be delivered; what has no prospect any more is dropped. */
  Optional<Arrival> poll(Function<Flow, Fate> judge) {
    for (int i = arrivals.size(); i > 0; i--) {
      Arrival next = arrivals.removeFirst();
      Fate fate = judge.apply(next.from());
      if (fate == Fate.KEEP) {
        arrivals.addLast(next);
        continue;
      }
      bytes -= next.data().length();
      if (fate == Fate.DELIVER) {
        return Optional.of(next);
      }
    }
    return Optional.empty();
  }
}
