package dev.culvert.transport.server;

import java.net.InetAddress;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts open connections and says whether one more fits. Safe for every thread. */
final class ConnectionGate {
  private final ConnectionLimits limits;
  private final RateLimit prefixes;
  private final AtomicInteger open = new AtomicInteger();
  // No more entries than connections: an entry goes with its last connection.
  private final ConcurrentHashMap<Long, Integer> byPrefix = new ConcurrentHashMap<>();

  ConnectionGate(ConnectionLimits limits, RateLimit prefixes) {
    this.limits = limits;
    this.prefixes = prefixes;
  }

  /** Takes a place; each success is given back by one {@link #leave} with the same arguments. */
  boolean enter(InetAddress source) {
    if (open.incrementAndGet() > limits.total()) {
      open.decrementAndGet();
      return false;
    }
    if (source.isLoopbackAddress()) {
      return true;
    }
    int now = byPrefix.merge(prefixes.prefixOf(source), 1, Integer::sum);
    if (now > limits.perPrefix()) {
      leave(source);
      return false;
    }
    return true;
  }

  /** Whether anybody at all could enter now. */
  boolean hasRoom() {
    return open.get() < limits.total();
  }

  void leave(InetAddress source) {
    open.decrementAndGet();
    if (!source.isLoopbackAddress()) {
      byPrefix.computeIfPresent(prefixes.prefixOf(source), (p, n) -> n == 1 ? null : n - 1);
    }
  }

  int open() {
    return open.get();
  }

  int prefixes() {
    return byPrefix.size();
  }
}
