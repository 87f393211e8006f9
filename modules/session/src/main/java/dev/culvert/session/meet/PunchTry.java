package dev.culvert.session.meet;

import dev.culvert.punch.NatTraits;
import dev.culvert.punch.PortRule;
import dev.culvert.punch.PortSeries;
import dev.culvert.punch.PunchAttempt;
import dev.culvert.punch.PunchConfig;
import dev.culvert.punch.PunchEvent;
import dev.culvert.punch.PunchLedger;
import dev.culvert.punch.PunchMachine;
import dev.culvert.punch.PunchPlan;
import dev.culvert.punch.PunchSecret;
import dev.culvert.punch.PunchSocket;
import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.Flow;
import dev.culvert.sansio.Input;
import dev.culvert.sansio.MonotonicTime;
import dev.culvert.sansio.Output;
import dev.culvert.sansio.Transport;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.session.LocalAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/**
 * What one side does to punch one path: a look at what its fresh sockets become outside, and then
 * the plan, from the first of them and further ones. All its ids are in one range.
 */
final class PunchTry {
  /** Enough to see a step, and few enough not to move what is predicted far. */
  private static final int LOOKS = 4;

  private final long first;
  private final RandomGenerator random;
  private final Queue<Output> outputs = new ArrayDeque<>();
  private final Tenant<PortLook.Seen> look;
  private Optional<PortLook.Socket> shared = Optional.empty();
  private Optional<PunchMachine> machine = Optional.empty();
  private Optional<Flow> opened = Optional.empty();
  private long nextId;

  PunchTry(long first, LocalAddress from, TransportAddress server, RandomGenerator random) {
    this.first = first;
    this.nextId = first + LOOKS;
    this.random = random;
    this.look = new Tenant<>(new PortLook(from.ip(), server, LOOKS, random), first);
  }

  boolean owns(long id) {
    return id >= first && id < first + Tenant.RANGE;
  }

  /** Whether a packet is one of those that are sent to punch here. */
  boolean isFor(OptionalLong tag) {
    return machine
        .filter(its -> tag.isPresent() && its.attempt().secret().tag() == tag.getAsLong())
        .isPresent();
  }

  /**
   * What the look has shown, once: what is known of the NAT, brought up to date.
   *
   * @param series collects what is seen
   * @param start about when the punching will start
   * @return empty while it looks; a server that says nothing leaves nothing to punch from
   */
  Optional<Optional<NatTraits>> seen(
      NatTraits view, PortSeries series, MonotonicTime now, MonotonicTime start) {
    Optional<PortLook.Seen> seen = look.pollEvent();
    if (seen.isEmpty()) {
      return Optional.empty();
    }
    List<PortLook.Socket> sockets = seen.get().sockets();
    shared = sockets.stream().findFirst();
    look.abandon(shared.map(its -> look.outside(its.id())))
        .forEach(id -> outputs.add(new Output.Close(id)));
    sockets.forEach(its -> series.add(its.local().port(), its.mapped().port(), now));
    return Optional.of(shared.map(its -> updated(view, its, series, start)));
  }

  private static NatTraits updated(
      NatTraits view, PortLook.Socket socket, PortSeries series, MonotonicTime start) {
    PortRule seen = series.rule();
    boolean better =
        seen.order() == PortRule.Order.SEQUENTIAL
            || (seen.order() == PortRule.Order.RANDOM && seen.order() == view.ports().order());
    PortRule rule = better ? seen : view.ports();
    return new NatTraits(
        socket.mapped(),
        view.translated(),
        view.mapping(),
        view.filtering(),
        rule,
        series.newest(start));
  }

  /** The socket that the peer is told of; empty before the look, and where nothing answered it. */
  Optional<PunchSocket> socket() {
    return shared.map(its -> new PunchSocket(look.outside(its.id()), its.local(), its.ttl()));
  }

  /** Carries the plan out, from then on; what was done before is over. */
  void begin(
      PunchPlan plan,
      PunchConfig config,
      PunchSecret secret,
      boolean leads,
      MonotonicTime start,
      Optional<Duration> roundTrip,
      PunchLedger ledger,
      MonotonicTime now) {
    PunchSocket its = socket().orElseThrow();
    machine.ifPresent(this::drain);
    PunchMachine fresh =
        new PunchMachine(
            new PunchAttempt(plan, config, secret, leads, its, start, roundTrip),
            () -> nextId++,
            random,
            ledger);
    machine = Optional.of(fresh);
    fresh.advance(now);
  }

  /** The plan that is being carried out. */
  Optional<PunchPlan> plan() {
    return machine.map(its -> its.attempt().plan());
  }

  /** How many it may have open at once besides those that it looks with. */
  int sockets() {
    return opened.isPresent()
        ? 0
        : machine
            .map(PunchMachine::attempt)
            .filter(its -> its.plan().kind() == PunchPlan.Kind.BIRTHDAY && its.plan().stands())
            .map(its -> its.config().sockets())
            .orElse(0);
  }

  /** What became of the plan, once. */
  Optional<PunchEvent> pollEvent() {
    Optional<PunchEvent> event = machine.flatMap(PunchMachine::pollEvent);
    if (event.isPresent() && event.get() instanceof PunchEvent.Opened its) {
      opened = Optional.of(its.flow());
    }
    return event;
  }

  /** Whether there is nothing left to do, be it for the other side to hear the end. */
  boolean isOver() {
    return machine.filter(PunchMachine::isOver).isPresent();
  }

  /** Ends it; the socket of a path that was opened is left alone. */
  void close(MonotonicTime now) {
    machine.ifPresent(its -> its.abandon(now));
    machine.ifPresent(this::drain);
    // What nobody has taken yet opens sockets, too, and those are to be closed after it.
    for (Optional<Output> next = look.pollOutput(); next.isPresent(); next = look.pollOutput()) {
      outputs.add(next.get());
    }
    Stream<Long> looking = look.abandon(Optional.empty()).stream();
    Stream<Long> idle = shared.map(its -> look.outside(its.id())).stream();
    Stream.concat(looking, idle)
        .filter(id -> opened.filter(its -> its.id() == id).isEmpty())
        .forEach(id -> outputs.add(new Output.Close(id)));
    shared = Optional.empty();
  }

  private void drain(PunchMachine its) {
    for (Optional<Output> next = its.pollOutput(); next.isPresent(); next = its.pollOutput()) {
      outputs.add(next.get());
    }
  }

  void receive(Flow from, Bytes payload, MonotonicTime now) {
    if (machine.isPresent()) {
      machine.get().receive(from, payload, now);
    } else if (from.transport() == Transport.UDP) {
      look.receive(from, payload, now);
    }
  }

  void accept(Input input, MonotonicTime now) {
    machine.ifPresent(its -> its.accept(input, now));
    if (Ids.of(input) < first + LOOKS) {
      look.accept(input, now);
    }
  }

  void advance(MonotonicTime now) {
    look.advance(now);
    machine.ifPresent(its -> its.advance(now));
  }

  Optional<MonotonicTime> nextDeadline() {
    return Stream.of(look.nextDeadline(), machine.flatMap(PunchMachine::nextDeadline))
        .flatMap(Optional::stream)
        .min(MonotonicTime::compareTo);
  }

  Optional<Output> pollOutput() {
    Optional<Output> own = Optional.ofNullable(outputs.poll());
    return own.or(look::pollOutput).or(() -> machine.flatMap(PunchMachine::pollOutput));
  }
}
