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

  private final List<Seen> seen = new ArrayList<>();

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

  /** The rule; {@link PortRule#unknown} where too few were seen or none fits. */
  public PortRule rule() {
    return PortRule.unknown();
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
