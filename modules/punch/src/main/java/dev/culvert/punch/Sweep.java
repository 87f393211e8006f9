package dev.culvert.punch;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;

/**
 * The ports around the one that a sequential NAT gives next: first those that follow its step,
 * those nearest to what is expected first, then all others, over and over.
 */
final class Sweep implements PortHunt {
  private static final int MOST_STEPS = 256;

  private final PortRule ports;
  private final int newest;
  private final int expected;
  private final Set<Integer> tried = new HashSet<>();
  private int ring;
  private int neighbour;

  Sweep(NatTraits peer) {
    this.ports = peer.ports();
    PortSighting sighting = peer.newest().orElseThrow();
    this.newest = sighting.port();
    double seconds = sighting.age().toNanos() / 1e9;
    double others = Math.min(ports.crowd() * seconds, ports.size() / 2.0);
    this.expected = 1 + (int) Math.round(others);
  }

  @Override
  public int next(Duration since) {
    while (ring < MOST_STEPS) {
      // 0, +1, -1, +2, -2 ...
      int offset = (ring & 1) == 1 ? (ring + 1) / 2 : -(ring / 2);
      ring++;
      int port = ports.after(newest, (long) expected + offset);
      if (expected + offset >= 1 && tried.add(port)) {
        return port;
      }
    }
    int way = Integer.signum(ports.step());
    while (tried.size() < ports.size()) {
      neighbour++;
      int port = ports.low() + Math.floorMod(newest - ports.low() + way * neighbour, ports.size());
      if (tried.add(port)) {
        return port;
      }
    }
    tried.clear();
    ring = 0;
    neighbour = 0;
    return next(since);
  }
}
