package dev.culvert.turn.server;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLongArray;
import org.jspecify.annotations.Nullable;

/** One engine's allocations by kind: written by its thread, read by anybody. */
final class KindCounts {
  private final AtomicLongArray counts = new AtomicLongArray(AllocationKind.ALL.size());

  /** An allocation of one kind is of another now; null: it is not there. */
  void change(@Nullable AllocationKind from, @Nullable AllocationKind to) {
    add(from, -1);
    add(to, 1);
  }

  private void add(@Nullable AllocationKind kind, int number) {
    if (kind != null) {
      int index = AllocationKind.ALL.indexOf(kind);
      counts.setOpaque(index, counts.getPlain(index) + number);
    }
  }

  Map<AllocationKind, Long> read() {
    Map<AllocationKind, Long> all = new LinkedHashMap<>();
    for (int i = 0; i < AllocationKind.ALL.size(); i++) {
      all.put(AllocationKind.ALL.get(i), counts.getOpaque(i));
    }
    return all;
  }
}
