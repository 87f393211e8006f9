package dev.culvert.turn.server;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLongArray;

/** One engine's counts: written by its thread without contention, read by anybody. */
final class TurnCounts {
  private final AtomicLongArray counts = new AtomicLongArray(TurnCount.values().length);

  void add(TurnCount what) {
    add(what, 1);
  }

  @SuppressWarnings("EnumOrdinal") // An index within one run, on the path of every datagram.
  void add(TurnCount what, long number) {
    int index = what.ordinal();
    counts.setOpaque(index, counts.getPlain(index) + number);
  }

  @SuppressWarnings("EnumOrdinal")
  Map<TurnCount, Long> read() {
    Map<TurnCount, Long> all = new EnumMap<>(TurnCount.class);
    for (TurnCount what : TurnCount.values()) {
      all.put(what, counts.getOpaque(what.ordinal()));
    }
    return all;
  }
}
