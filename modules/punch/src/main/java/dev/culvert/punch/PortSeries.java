package dev.culvert.punch;

import dev.culvert.sansio.MonotonicTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The external ports that fresh mappings got one after the other, and the rule behind them.
 * Confined to one thread.
 */
public final class PortSeries {
  private record Seen(int local, int external, MonotonicTime at) {}

  private static final int MOST = 64;
  private static final int LEAST = 4;
  private static final int ENOUGH_FOR_RANGE = 6;

  /** A port this far from the last one does not follow it. */
  private static final int FAR = 512;

  /** A carrier gives a customer blocks of ports (RFC 6888 REQ-4). */
  private static final int SMALL_RANGE = 2048;

  private final List<Seen> seen = new ArrayList<>();

  /** One that has seen nothing. */
  public PortSeries() {}

  /**
   * A server saw a new mapping. In the order in which they were made; of more than 64 the first
   * count no more.
   *
   * @param local the port of the socket
   * @param external the port that the server saw
   * @param at when it was asked
   */
  public void add(int local, int external, MonotonicTime at) {
    if (seen.size() == MOST) {
      seen.remove(0);
    }
    seen.add(new Seen(local, external, at));
  }

  /**
   * The rule. Four ports or more are needed, and six to tell a small range that begins below 1024;
   * other hosts may take ports between, and the series may go round once. Random ones are taken for
   * all of a range that goes as far beyond those that were seen as they lie apart: three times as
   * long as what was seen, so that it is rarely too short, and those that systems keep for
   * themselves (such as 32768 to 60999) are never taken for all ports.
   */
  public PortRule rule() {
    if (seen.size() < LEAST) {
      return PortRule.unknown();
    }
    long kept = seen.stream().filter(one -> one.local() == one.external()).count();
    if (kept * 2 > seen.size()) {
      return PortRule.preserving();
    }
    return sequence().orElseGet(this::scattered);
  }

  private Optional<PortRule> sequence() {
    int up = 0;
    for (int i = 1; i < seen.size(); i++) {
      up += jump(i) > 0 ? 1 : -1;
    }
    int way = up >= 0 ? 1 : -1;
    int step = 0;
    int misfits = 0;
    long covered = 0;
    long nanos = 0;
    for (int i = 1; i < seen.size(); i++) {
      int ahead = jump(i) * way;
      if (ahead <= 0 || ahead > FAR) {
        misfits++;
      } else {
        step = gcd(step, ahead);
        covered += ahead;
        nanos += seen.get(i).at().since(seen.get(i - 1).at()).toNanos();
      }
    }
    int fits = seen.size() - 1 - misfits;
    if (misfits > 1 || fits < LEAST - 1) {
      return Optional.empty();
    }
    long others = covered / step - fits;
    double crowd = others == 0 || nanos <= 0 ? 0 : others * 1e9 / nanos;
    return Optional.of(PortRule.sequential(way * step, crowd));
  }

  private int jump(int i) {
    return seen.get(i).external() - seen.get(i - 1).external();
  }

  private PortRule scattered() {
    int least = seen.stream().mapToInt(Seen::external).min().orElseThrow();
    int most = seen.stream().mapToInt(Seen::external).max().orElseThrow();
    int span = most - least;
    boolean small = seen.size() >= ENOUGH_FOR_RANGE && span <= SMALL_RANGE;
    int low = Math.max(small ? 1 : PortRule.LOWEST, least - span);
    int high = Math.min(PortRule.HIGHEST, most + span);
    return low <= high ? PortRule.random().within(low, high) : PortRule.random();
  }

  private static int gcd(int a, int b) {
    return b == 0 ? a : gcd(b, a % b);
  }

  /** The newest, for a punching that starts then. */
  public Optional<PortSighting> newest(MonotonicTime start) {
    if (seen.isEmpty()) {
      return Optional.empty();
    }
    Seen last = seen.get(seen.size() - 1);
    Duration age = start.since(last.at());
    return Optional.of(new PortSighting(last.external(), age.isNegative() ? Duration.ZERO : age));
  }
}
