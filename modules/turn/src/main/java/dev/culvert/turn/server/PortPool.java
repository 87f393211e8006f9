package dev.culvert.turn.server;

import java.util.ArrayDeque;
import java.util.OptionalInt;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.random.RandomGenerator;

/**
 * The ports of one relay address: which are free, and which are somebody's relayed address. The
 * liveness of a port may be asked by every thread; for the rest callers take turns.
 */
final class PortPool {
  /** A port rests before somebody else gets it, so that late datagrams find nobody. */
  private static final long REST_NANOS = 120_000_000_000L;

  private static final int EVEN_TRIES = 64;

  private record Resting(int port, long since) {}

  private final PortRange range;
  private final int[] free;
  private final int[] indexOf;
  private final Queue<Resting> resting = new ArrayDeque<>();
  private final AtomicLongArray live = new AtomicLongArray(1024);
  private int count;

  PortPool(PortRange range) {
    this.range = range;
    free = new int[range.size()];
    indexOf = new int[range.size()];
    for (int i = 0; i < free.length; i++) {
      free[i] = range.first() + i;
      indexOf[i] = i;
    }
    count = free.length;
  }

  /** A random port; those that were given back lately come last. */
  OptionalInt take(RandomGenerator random, long now) {
    wake(now);
    if (count > 0) {
      int port = free[random.nextInt(count)];
      remove(port);
      return OptionalInt.of(port);
    }
    Resting oldest = resting.poll();
    return oldest == null ? OptionalInt.empty() : OptionalInt.of(oldest.port());
  }

  /** A random even port, with the one above it if {@code both}; the latter is taken too. */
  OptionalInt takeEven(boolean both, RandomGenerator random, long now) {
    wake(now);
    for (int i = 0; i < EVEN_TRIES && count > 0; i++) {
      int port = free[random.nextInt(count)] & ~1;
      if (takeEvenAt(port, both)) {
        return OptionalInt.of(port);
      }
    }
    for (int port = range.first() + 1 & ~1; port <= range.last(); port += 2) {
      if (takeEvenAt(port, both)) {
        return OptionalInt.of(port);
      }
    }
    return OptionalInt.empty();
  }

  int size() {
    return range.size();
  }

  /** Ports that somebody has; those that rest can be had again. */
  int taken() {
    return range.size() - count - resting.size();
  }

  private boolean takeEvenAt(int port, boolean both) {
    if (!isFree(port) || (both && !isFree(port + 1))) {
      return false;
    }
    remove(port);
    if (both) {
      remove(port + 1);
    }
    return true;
  }

  void giveBack(int port, long now) {
    resting.add(new Resting(port, now));
  }

  private void wake(long now) {
    while (!resting.isEmpty() && now - resting.peek().since() >= REST_NANOS) {
      int port = resting.poll().port();
      free[count] = port;
      indexOf[port - range.first()] = count++;
    }
  }

  private boolean isFree(int port) {
    if (port < range.first() || port > range.last()) {
      return false;
    }
    int index = indexOf[port - range.first()];
    return index < count && free[index] == port;
  }

  private void remove(int port) {
    int index = indexOf[port - range.first()];
    int last = free[--count];
    free[index] = last;
    indexOf[last - range.first()] = index;
    free[count] = port;
    indexOf[port - range.first()] = count;
  }

  boolean isLive(int port) {
    return (live.get(port >> 6) & 1L << (port & 63)) != 0;
  }

  void live(int port, boolean alive) {
    long bit = 1L << (port & 63);
    live.accumulateAndGet(port >> 6, bit, (bits, one) -> alive ? bits | one : bits & ~one);
  }
}
