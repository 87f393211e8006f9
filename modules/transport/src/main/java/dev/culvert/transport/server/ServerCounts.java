package dev.culvert.transport.server;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLongArray;

/** One event loop's counts: written by that loop without contention, read by anybody. */
final class ServerCounts {
  private final AtomicLongArray counts = new AtomicLongArray(ServerCount.values().length);

  void add(ServerCount what) {
    int index = index(what);
    counts.setOpaque(index, counts.getPlain(index) + 1);
  }

  static Map<ServerCount, Long> sum(List<ServerCounts> loops) {
    Map<ServerCount, Long> sums = new EnumMap<>(ServerCount.class);
    for (ServerCount what : ServerCount.values()) {
      sums.put(what, loops.stream().mapToLong(c -> c.counts.getOpaque(index(what))).sum());
    }
    return sums;
  }

  @SuppressWarnings("EnumOrdinal") // An index within one run, on the path of every datagram.
  private static int index(ServerCount what) {
    return what.ordinal();
  }
}
