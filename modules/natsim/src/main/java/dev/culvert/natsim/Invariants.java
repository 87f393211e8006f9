package dev.culvert.natsim;

import dev.culvert.sansio.MonotonicTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What must hold after every event of a {@link World}, kept by books of its own:
 *
 * <ul>
 *   <li>every packet is either on its way or has had exactly one fate;
 *   <li>no packet leaves a NAT with an inside source address;
 *   <li>an external address and port belongs to one mapping at a time, unless ports are overloaded;
 *   <li>filters let in only what their behaviour allows, and dead mappings carry nothing;
 *   <li>every router takes from the hop limit; time never goes back; queues are bounded.
 * </ul>
 */
final class Invariants {
  private static final int MOST_EVENTS = 2_000_000;
  private static final int TRACED = 20;
  private static final int UNSENT = 256;

  private final World world;
  private final Trace trace = new Trace(TRACED);
  private final Map<Long, Integer> hopLimits = new HashMap<>();
  private final Set<Long> airborne = new HashSet<>();
  private final Map<Router, List<GatewayBook>> books = new HashMap<>();

  Invariants(World world) {
    this.world = world;
  }

  /** A packet came into being. */
  void born(Packet packet) {
    hopLimits.put(packet.tag().id(), UNSENT);
  }

  /** Something became of a packet. */
  void told(String where, Packet packet, String fate) {
    trace.seen(world.now(), where, packet, fate);
    long id = packet.tag().id();
    if (id == 0) {
      return;
    }
    if (!fate.equals("sent")) {
      check(hopLimits.remove(id) != null, "a packet has two fates", packet);
      return;
    }
    Integer before = hopLimits.put(id, packet.ttl());
    check(before != null, "a packet goes on that has met its fate", packet);
    check(before != null && packet.ttl() < before, "a hop limit does not fall", packet);
  }

  /** A packet took off. */
  void tookOff(Packet packet) {
    boolean fresh = airborne.add(packet.tag().id());
    check(fresh, "one packet is on its way twice", packet);
  }

  /** A packet landed. */
  void landed(Packet packet) {
    airborne.remove(packet.tag().id());
  }

  /** A packet is about to leave through a port. */
  void leaves(Port port, Packet packet) {
    check(
        port.up().waiting(world.now()) <= port.link().capacity().queue(),
        "a queue is longer than its bound",
        packet);
  }

  /** A router was built. */
  void built(Router router) {
    List<GatewayBook> its = new ArrayList<>();
    router.box().eachNat(nat -> its.add(new NatBook(this, nat)));
    router.box().eachFirewall(wall -> its.add(new FirewallBook(this, wall)));
    books.put(router, its);
  }

  /** A router lost its memory. */
  void forgot(Router router) {
    books.getOrDefault(router, List.of()).forEach(GatewayBook::forget);
  }

  /** A router passes a packet on. */
  void passed(Router router, Packet before, Packet after, boolean fromInside, boolean toOutside) {
    for (GatewayBook book : books.getOrDefault(router, List.of())) {
      book.passed(before, after, fromInside, toOutside);
    }
  }

  /** The next event comes. */
  void beforeEvent(MonotonicTime when) {
    check(!when.isBefore(world.now()), "time goes back");
  }

  /** An event is over. */
  void afterEvent(int pending) {
    check(pending <= MOST_EVENTS, pending + " events are pending");
    if (hopLimits.size() != airborne.size()) {
      Set<Long> vanished = new HashSet<>(hopLimits.keySet());
      vanished.removeAll(airborne);
      Set<Long> unaccounted = new HashSet<>(airborne);
      unaccounted.removeAll(hopLimits.keySet());
      throw violation(
          "packets are not conserved: vanished " + vanished + ", out of nowhere " + unaccounted);
    }
  }

  MonotonicTime now() {
    return world.now();
  }

  void check(boolean holds, String broken, Object about) {
    if (!holds) {
      throw violation(
          broken + ": " + (about instanceof Packet packet ? Trace.text(packet) : about));
    }
  }

  private void check(boolean holds, String broken) {
    if (!holds) {
      throw violation(broken);
    }
  }

  private InvariantViolation violation(String broken) {
    return new InvariantViolation(
        broken
            + "\nin the world with seed "
            + world.seed()
            + " at "
            + world.now().nanos() / 1e9
            + " s, after\n"
            + String.join("\n", trace.lines()));
  }
}
