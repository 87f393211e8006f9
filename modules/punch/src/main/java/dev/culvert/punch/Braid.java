package dev.culvert.punch;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * Ports of a sequential NAT for a side that is behind one itself. Each try takes the next port
 * here, and the peer's tries take the next ones there; two tries meet where each went to the port
 * that the other came from. The first go to where they meet if nobody else is behind the NATs, the
 * others are spread over what others may have taken, at random: of n tries over a width of w some
 * n/w meet.
 */
final class Braid implements PortHunt {
  private static final int STRAIGHT = 4;
  private static final int REDRAWS = 16;

  private final PortRule ports;
  private final int newest;
  private final double age;
  private final boolean oneForAll;
  private final RandomGenerator random;
  private final Set<Integer> tried = new HashSet<>();
  private int count;

  Braid(NatTraits peer, RandomGenerator random) {
    this.ports = peer.ports();
    PortSighting sighting = peer.newest().orElseThrow();
    this.newest = sighting.port();
    this.age = sighting.age().toNanos() / 1e9;
    this.oneForAll = peer.mapping() == Dependence.ADDRESS;
    this.random = random;
  }

  @Override
  public int next(Duration since) {
    int own = oneForAll ? 0 : count;
    double elapsed = age + (oneForAll ? 0 : since.toNanos() / 1e9);
    double others = Math.min(ports.crowd() * elapsed, ports.size() / 2.0);
    // A short look sees nobody else where six come by in a second.
    double doubt = elapsed * (6 + ports.crowd() / 2) + 2 * Math.sqrt(others);
    double width = count < STRAIGHT ? 0 : 2 + doubt;
    double least = Math.max(-2, others - width);
    count++;
    int port = 0;
    for (int draw = 0; draw < REDRAWS; draw++) {
      double offset =
          width == 0 ? others : least + random.nextDouble() * (others + width + draw - least);
      port = ports.after(newest, 1 + own + Math.round(Math.max(-own, offset)));
      if (tried.add(port)) {
        return port;
      }
    }
    return port;
  }
}
