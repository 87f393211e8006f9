package dev.culvert.turn.server;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLongArray;

/** One engine's refused requests by error code: written by its thread, read by anybody. */
final class RefusalCounts {
  /** RFC 8489 §14.8: codes are from 300 to 699. */
  private static final int FIRST = 300;

  private final AtomicLongArray counts = new AtomicLongArray(400);

  void add(int code) {
    int index = code - FIRST;
    counts.setOpaque(index, counts.getPlain(index) + 1);
  }

  /** Those codes that were told anybody. */
  Map<Integer, Long> read() {
    Map<Integer, Long> all = new TreeMap<>();
    for (int i = 0; i < counts.length(); i++) {
      long count = counts.getOpaque(i);
      if (count != 0) {
        all.put(FIRST + i, count);
      }
    }
    return all;
  }
}
