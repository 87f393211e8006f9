package dev.culvert.punch;

import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.Flow;
import dev.culvert.sansio.Input;
import dev.culvert.sansio.Machine;
import dev.culvert.sansio.MonotonicTime;
import dev.culvert.sansio.Output;
import dev.culvert.sansio.Transport;
import dev.culvert.sansio.TransportAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Makes one {@link PunchAttempt}. Its owner hands it what came on its sockets, and what came on the
 * shared one where {@link #tagOf} tells the tag of this attempt's secret, until {@link #isOver}.
 */
public final class PunchMachine implements Machine<PunchEvent> {
  /** How long a side goes on answering after it has a path, since its last answer may be lost. */
  private static final Duration LINGER = Duration.ofSeconds(5);

  private static final Duration WITHOUT_SEARCH = Duration.ofSeconds(10);

  private enum Phase {
    NEW,
    RUNNING,
    OPENED,
    OVER
  }

  private final PunchAttempt attempt;
  private final PunchPlan plan;
  private final LongSupplier ids;
  private final Toll toll;
  private final Exchange exchange;
  private final Knocker knocker;
  private final Optional<Prober> prober;
  private final Set<Long> binding = new HashSet<>();
  private final Queue<Output> outputs = new ArrayDeque<>();
  private final Queue<PunchEvent> events = new ArrayDeque<>();
  private @Nullable Openers openers;
  private Phase phase = Phase.NEW;
  private MonotonicTime end;

  /**
   * A machine.
   *
   * @param attempt what to do
   * @param ids gives ids for sockets that nobody else has
   * @param random a {@link java.security.SecureRandom} where it meets the Internet
   * @param ledger what all attempts of this peer have sent
   */
  public PunchMachine(
      PunchAttempt attempt, LongSupplier ids, RandomGenerator random, PunchLedger ledger) {
    this.attempt = attempt;
    this.plan = attempt.plan();
    this.ids = ids;
    this.toll = new Toll(ledger);
    this.exchange = new Exchange(attempt, random, toll);
    Flow flow =
        new Flow(
            attempt.shared().id(),
            Transport.UDP,
            attempt.shared().local(),
            plan.peer().reflexive());
    this.knocker = new Knocker(attempt, flow, exchange);
    this.prober = Prober.of(attempt, flow, exchange, random);
    boolean searching = prober.isPresent() || isMany();
    Duration longest = attempt.config().patience();
    boolean brief = !searching && longest.compareTo(WITHOUT_SEARCH) > 0;
    this.end = attempt.start().plus(brief ? WITHOUT_SEARCH : longest);
  }

  private boolean isMany() {
    return plan.kind() == PunchPlan.Kind.BIRTHDAY && plan.stands();
  }

  /** The tag of the secret that a packet claims to be made with; empty if it is of another kind. */
  public static OptionalLong tagOf(Bytes packet) {
    return PunchPacket.tagOf(packet);
  }

  /** What is attempted. */
  public PunchAttempt attempt() {
    return attempt;
  }

  /**
   * Whether it is done for good: it failed, or opened a path and the other side has had time to
   * hear so.
   */
  public boolean isOver() {
    return phase == Phase.OVER;
  }

  /** How many packets were sent toward addresses that had not answered. */
  public int probes() {
    return toll.sent();
  }

  /** How many packets came that proved nothing and were dropped. */
  public long dropped() {
    return exchange.dropped();
  }

  /** Ends it: what it has opened is closed, but for a path that was told already. */
  public void abandon(MonotonicTime now) {
    if (phase == Phase.OPENED) {
      phase = Phase.OVER;
    } else if (phase != Phase.OVER) {
      fail(PunchEvent.Cause.ABANDONED, "it was given up");
    }
  }

  @Override
  public void receive(Flow from, Bytes payload, MonotonicTime now) {
    if (phase == Phase.OVER || !isOurs(from)) {
      return;
    }
    exchange.receive(from, payload, now);
    if (openers != null && exchange.isLookedAt(from.id())) {
      openers.spare(from.id());
    }
    advance(now);
  }

  private boolean isOurs(Flow from) {
    boolean beside = openers != null && openers.has(from.id());
    boolean kept = exchange.winner().filter(pair -> pair.flow.id() == from.id()).isPresent();
    return from.id() == attempt.shared().id() || beside || kept;
  }

  @Override
  public void accept(Input input, MonotonicTime now) {
    if (input instanceof Input.Bound bound && binding.remove(bound.id())) {
      if (phase == Phase.RUNNING && openers != null && openers.has(bound.id())) {
        openers.bound(bound.id(), bound.local());
        exchange.ask(flow(bound.id(), bound.local()), Output.SYSTEM_TTL, now);
      }
    } else if (input instanceof Input.BindFailed failed && binding.remove(failed.id())) {
      if (openers != null) {
        openers.failed(failed.id());
      }
    }
    advance(now);
  }

  private Flow flow(long id, TransportAddress local) {
    return new Flow(id, Transport.UDP, local, plan.peer().reflexive());
  }

  @Override
  public void advance(MonotonicTime now) {
    if (phase == Phase.NEW) {
      begin(now);
    }
    if (phase == Phase.RUNNING) {
      if (exchange.winner().isEmpty()) {
        run(now);
      }
      exchange.winner().ifPresent(pair -> open(pair, now));
    }
    if (phase == Phase.OPENED && !now.isBefore(end)) {
      phase = Phase.OVER;
    }
  }

  private void begin(MonotonicTime now) {
    phase = Phase.RUNNING;
    if (!plan.isAttempted()) {
      fail(PunchEvent.Cause.NO_PLAN, plan.reason());
      return;
    }
    Optional<String> forbidden =
        Forbidden.why(plan.peer().reflexive(), attempt.shared().local().ip());
    if (forbidden.isPresent()) {
      fail(PunchEvent.Cause.FORBIDDEN_ADDRESS, forbidden.get());
      return;
    }
    if (isMany()) {
      openers = new Openers(attempt.config(), ids, now);
    }
    knocker.begin(now);
  }

  private void run(MonotonicTime now) {
    exchange.advance(now);
    boolean rests = exchange.isClose();
    knocker.advance(now, rests);
    prober.ifPresent(one -> one.advance(now, rests));
    if (openers != null) {
      open(openers, rests, now);
    }
    boolean exhausted = prober.isPresent() && prober.get().isOver() && !rests;
    if (!now.isBefore(end) || exhausted) {
      giveUp();
    }
  }

  private void open(Openers many, boolean rests, MonotonicTime now) {
    Optional<Openers.Step> step = many.step(now, rests);
    for (Optional<Long> old = many.pollSurplus(); old.isPresent(); old = many.pollSurplus()) {
      outputs.add(new Output.Close(old.get()));
    }
    if (step.isPresent() && step.get() instanceof Openers.Step.Open fresh) {
      binding.add(fresh.id());
      outputs.add(new Output.Bind(fresh.id(), attempt.shared().local().withPort(0)));
    } else if (step.isPresent() && step.get() instanceof Openers.Step.Refresh old) {
      exchange.ask(flow(old.id(), old.local()), Output.SYSTEM_TTL, now);
    }
  }

  private void open(Pair pair, MonotonicTime now) {
    phase = Phase.OPENED;
    end = now.plus(LINGER);
    closeAllBut(pair.flow.id());
    events.add(
        new PunchEvent.Opened(
            pair.flow,
            pair.seen.orElse(pair.flow.local()),
            plan.kind(),
            pair.roundTrip,
            toll.sent()));
  }

  private void giveUp() {
    if (exchange.isHeard()) {
      fail(PunchEvent.Cause.ONE_WAY, "packets of the peer came, but none went both ways");
    } else if (toll.isRefused()) {
      fail(
          PunchEvent.Cause.TOO_MUCH_ALREADY,
          "enough was sent toward the peer's address without an answer");
    } else {
      fail(
          PunchEvent.Cause.SILENCE,
          "nothing of the peer came, after " + toll.sent() + " packets toward it");
    }
  }

  private void fail(PunchEvent.Cause cause, String reason) {
    phase = Phase.OVER;
    closeAllBut(attempt.shared().id());
    events.add(new PunchEvent.Failed(plan.kind(), cause, reason));
  }

  private void closeAllBut(long kept) {
    if (openers != null) {
      openers.takeAll().stream()
          .filter(id -> id != kept)
          .forEach(id -> outputs.add(new Output.Close(id)));
    }
    binding.clear();
  }

  @Override
  public Optional<MonotonicTime> nextDeadline() {
    return switch (phase) {
      case NEW, OVER -> Optional.empty();
      case OPENED -> Optional.of(end);
      case RUNNING ->
          Stream.of(
                  Optional.of(end),
                  exchange.nextDeadline(),
                  knocker.nextDeadline(),
                  prober.flatMap(Prober::nextDeadline),
                  Optional.ofNullable(openers).map(Openers::due))
              .flatMap(Optional::stream)
              .min(MonotonicTime::compareTo);
    };
  }

  @Override
  public Optional<Output> pollOutput() {
    return exchange.pollOutput().or(() -> Optional.ofNullable(outputs.poll()));
  }

  @Override
  public Optional<PunchEvent> pollEvent() {
    return Optional.ofNullable(events.poll());
  }
}
