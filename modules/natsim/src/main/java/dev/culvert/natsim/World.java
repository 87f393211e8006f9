package dev.culvert.natsim;

import dev.culvert.sansio.MonotonicTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;

/** A virtual Internet with its own time and chance; starts at time 0 with nothing in it. */
public final class World {
  private static final int MOST_EVENTS_AT_ONCE = 1_000_000;

  private final long seed;
  private final SplittableRandom random;
  private final EventQueue events = new EventQueue();
  private final List<Observer> observers = new ArrayList<>();
  private final Names names = new Names();
  private final LinkNames linkNames = new LinkNames();
  private final Network internet = new Network(this, "internet");
  private final Map<String, List<Tap>> taps = new HashMap<>();
  private final Invariants invariants = new Invariants(this);
  private MonotonicTime now = new MonotonicTime(0);
  private long packets;
  private int eventsAtOnce;

  /**
   * A world in which chance follows from {@code seed}: what is built and run the same way happens
   * the same way.
   */
  public World(long seed) {
    this.seed = seed;
    this.random = new SplittableRandom(seed);
  }

  /** The network in the middle, where public addresses live. */
  public Network internet() {
    return internet;
  }

  /** What the resolvers of all hosts know. */
  public Names names() {
    return names;
  }

  /** What hosts answer for on their own networks. */
  LinkNames linkNames() {
    return linkNames;
  }

  /** The present moment. */
  public MonotonicTime now() {
    return now;
  }

  /** A source of chance of its own, for a machine. */
  public RandomGenerator newRandom() {
    return random.split();
  }

  /** Has every packet shown to {@code observer} from now on. */
  public void observe(Observer observer) {
    observers.add(observer);
  }

  /** Has every packet shown to {@code tap} that crosses the line of a host or router. */
  public void tap(String node, Tap tap) {
    taps.computeIfAbsent(node, key -> new ArrayList<>()).add(tap);
  }

  /** What all chance follows from. */
  public long seed() {
    return seed;
  }

  /** Has something happen after {@code delay}, for example a router's restart. */
  public void schedule(Duration delay, Runnable what) {
    at(now.plus(delay), what);
  }

  /** Lets {@code time} pass. */
  public void run(Duration time) {
    runUntil(() -> false, time);
  }

  /**
   * Lets time pass until {@code done} holds after an event, {@code limit} is over or, without
   * anything left to happen, at once.
   *
   * @return whether {@code done} holds
   */
  public boolean runUntil(BooleanSupplier done, Duration limit) {
    MonotonicTime end = now.plus(limit);
    while (!done.getAsBoolean() && !events.isEmpty() && !end.isBefore(events.next())) {
      step();
    }
    boolean held = done.getAsBoolean();
    if (!held && now.isBefore(end)) {
      now = end;
    }
    return held;
  }

  private void step() {
    MonotonicTime next = events.next();
    eventsAtOnce = next.equals(now) ? eventsAtOnce + 1 : 0;
    if (eventsAtOnce > MOST_EVENTS_AT_ONCE) {
      throw new IllegalStateException("time stands still at " + now + " with seed " + seed);
    }
    invariants.beforeEvent(next);
    now = next;
    try {
      events.take().run();
      invariants.afterEvent(events.size());
    } catch (InvariantViolation e) {
      throw e;
    } catch (RuntimeException | AssertionError e) {
      e.addSuppressed(new IllegalStateException("at " + now + " with seed " + seed));
      throw e;
    }
  }

  Invariants invariants() {
    return invariants;
  }

  /** Gives a packet its number, if it has none. */
  Packet numbered(Packet packet) {
    if (packet.tag().id() != 0) {
      return packet;
    }
    Packet numbered = packet.numbered(++packets);
    invariants.born(numbered);
    return numbered;
  }

  /** The second copy of a packet, made by a link. */
  Packet copied(String where, Packet packet) {
    Packet copy = packet.numbered(++packets);
    invariants.born(copy);
    for (Observer observer : observers) {
      observer.seen(now, where, copy, "doubled");
    }
    return copy;
  }

  /** Lets a packet land after {@code delay}. */
  void fly(Duration delay, Packet packet, Runnable landing) {
    invariants.tookOff(packet);
    at(
        now.plus(delay),
        () -> {
          invariants.landed(packet);
          landing.run();
        });
  }

  void crossed(Port port, Packet packet, boolean outgoing) {
    if (outgoing) {
      invariants.leaves(port, packet);
    }
    for (Tap tap : taps.getOrDefault(port.name(), List.of())) {
      tap.crossed(now, port.name(), packet, outgoing);
    }
  }

  void at(MonotonicTime when, Runnable what) {
    events.add(when, what);
  }

  RandomGenerator chance() {
    return random;
  }

  void tell(String where, Packet packet, String fate) {
    invariants.told(where, packet, fate);
    for (Observer observer : observers) {
      observer.seen(now, where, packet, fate);
    }
  }
}
