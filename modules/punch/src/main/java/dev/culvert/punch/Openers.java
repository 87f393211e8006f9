package dev.culvert.punch;

import dev.culvert.sansio.MonotonicTime;
import dev.culvert.sansio.TransportAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * The sockets of a side that draws random ports: each takes one port of its NAT. The first stand
 * within a second; from then on the oldest make room for new ones, slower, since each new one may
 * meet any of the ports that the peer has tried by then.
 */
final class Openers {
  private static final Duration QUICK = Duration.ofMillis(4);
  private static final Duration STEADY = Duration.ofMillis(10);

  /** What to do next. */
  sealed interface Step {
    /** Open a socket. */
    record Open(long id) implements Step {}

    /** Send from an old one once more, so that its mapping lives. */
    record Refresh(long id, TransportAddress local) implements Step {}
  }

  private final PunchConfig config;
  private final LongSupplier ids;
  private final Map<Long, Optional<TransportAddress>> open = new LinkedHashMap<>();
  private final Deque<Long> surplus = new ArrayDeque<>();
  private final Set<Long> spared = new HashSet<>();
  private MonotonicTime due;
  private int opened;
  private int room;

  Openers(PunchConfig config, LongSupplier ids, MonotonicTime now) {
    this.config = config;
    this.ids = ids;
    this.due = now;
    this.room = config.sockets();
  }

  /** When there is a step to take. */
  MonotonicTime due() {
    return due;
  }

  /**
   * The next step; empty if it is not time, or there is nothing to do.
   *
   * @param rests whether to take none, because something was found
   */
  Optional<Step> step(MonotonicTime now, boolean rests) {
    if (now.isBefore(due)) {
      return Optional.empty();
    }
    if (rests) {
      due = now.plus(STEADY);
      return Optional.empty();
    }
    if (opened < config.openings() && room > 0) {
      due = now.plus(open.size() < room ? QUICK : STEADY);
      if (open.size() >= room) {
        dropOldest();
      }
      if (open.size() >= room) {
        return Optional.empty();
      }
      opened++;
      long id = ids.getAsLong();
      open.put(id, Optional.empty());
      return Optional.of(new Step.Open(id));
    }
    due = now.plus(STEADY.multipliedBy(10));
    Optional<Long> oldest = open.keySet().stream().findFirst();
    return oldest.flatMap(
        id -> {
          Optional<TransportAddress> local = open.getOrDefault(id, Optional.empty());
          open.remove(id);
          open.put(id, local);
          return local.map(address -> new Step.Refresh(id, address));
        });
  }

  /** A socket stands. */
  void bound(long id, TransportAddress local) {
    open.replace(id, Optional.of(local));
  }

  private void dropOldest() {
    Iterator<Long> all = open.keySet().iterator();
    while (all.hasNext()) {
      long id = all.next();
      if (!spared.contains(id)) {
        all.remove();
        surplus.add(id);
        return;
      }
    }
  }

  /** A socket that was heard on is not closed for a new one. */
  void spare(long id) {
    spared.add(id);
  }

  /** The system refuses more: what there is must do. */
  void failed(long id) {
    open.remove(id);
    room = Math.min(room, open.size());
  }

  /** A socket to close. */
  Optional<Long> pollSurplus() {
    return Optional.ofNullable(surplus.poll());
  }

  /** Takes all sockets that are open. */
  Set<Long> takeAll() {
    Set<Long> all = new HashSet<>(open.keySet());
    all.addAll(surplus);
    open.clear();
    surplus.clear();
    return all;
  }

  boolean has(long id) {
    return open.containsKey(id);
  }
}
