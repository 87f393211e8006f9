package dev.culvert.natsim;

import dev.culvert.sansio.IpLiterals;
import dev.culvert.sansio.MonotonicTime;
import dev.culvert.sansio.TransportAddress;
import java.net.InetAddress;
import java.util.random.RandomGenerator;

/**
 * The other hosts behind a NAT, of which nothing is seen but that they take ports. They are caught
 * up with whenever somebody looks, rather than at events of their own.
 */
final class Neighbours {
  private static final long SECOND = 1_000_000_000L;
  private static final int HOSTS = 64;

  private final NatBehaviour behaviour;
  private final MappingTable mappings;
  private final RandomGenerator random;
  private long taken;

  Neighbours(NatBehaviour behaviour, MappingTable mappings, RandomGenerator random) {
    this.behaviour = behaviour;
    this.mappings = mappings;
    this.random = random;
  }

  /** Takes the ports that they have taken up to now; what has expired since is left out. */
  void catchUp(MonotonicTime now) {
    int rate = behaviour.neighboursPerSecond();
    if (rate == 0) {
      return;
    }
    long due = now.nanos() / SECOND * rate + now.nanos() % SECOND * rate / SECOND;
    long alive = behaviour.timeout().toNanos() / SECOND * rate + rate;
    taken = Math.max(taken, due - Math.min(alive, mappings.ports()));
    while (taken < due) {
      taken++;
      MonotonicTime since = new MonotonicTime(taken * SECOND / rate);
      boolean full =
          mappings
              .create(
                  Protocol.UDP,
                  new TransportAddress(neighbour(), 1024 + random.nextInt(64_512)),
                  new TransportAddress(neighbour(), 1024 + random.nextInt(64_512)),
                  true,
                  now,
                  since.plus(behaviour.timeout()))
              .isEmpty();
      // Where one finds no port, the others would look for as long and find none either.
      taken = full ? due : taken;
    }
  }

  /** From a range that no simulated host is in (RFC 2544). */
  private InetAddress neighbour() {
    return IpLiterals.parse("198.18.255." + (1 + random.nextInt(HOSTS))).orElseThrow();
  }
}
