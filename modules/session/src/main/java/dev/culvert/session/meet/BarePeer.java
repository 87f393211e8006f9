package dev.culvert.session.meet;

import dev.culvert.punch.Dependence;
import dev.culvert.punch.NatTraits;
import dev.culvert.punch.PortSeries;
import dev.culvert.punch.PortSighting;
import dev.culvert.punch.PunchEvent;
import dev.culvert.punch.PunchLedger;
import dev.culvert.punch.PunchMachine;
import dev.culvert.punch.PunchPlan;
import dev.culvert.punch.PunchSecret;
import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.Flow;
import dev.culvert.sansio.Input;
import dev.culvert.sansio.Machine;
import dev.culvert.sansio.MonotonicTime;
import dev.culvert.sansio.Output;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.session.LocalAddress;
import dev.culvert.session.NamedServer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/**
 * Punches one path to one other host, without ICE, relay and node: measures the NAT with STUN
 * servers, writes a {@link BareNote} for the other side, takes the other side's, and carries out
 * the plan that follows from both. Nothing tells the two sides when the other has the note, so they
 * begin by their clocks, which may differ by a second or so. A side that answers is silent until it
 * has something to answer.
 */
public final class BarePeer implements Machine<BareEvent> {
  /** The opener with few hops goes ahead of the moment. */
  private static final Duration AHEAD = Duration.ofMillis(200);

  /** Clocks that differ more are not set at all. */
  private static final Duration SKEW = Duration.ofMinutes(1);

  private static final Duration OLDEST = Duration.ofHours(1);

  /** The other side may know of the path a moment sooner. */
  private static final int MOST_EARLY = 16;

  /** A datagram that came before the path was told. */
  private record Early(Flow from, Bytes payload) {}

  private enum Phase {
    NEW,
    MEASURING,
    LOOKING,
    DESCRIBED,
    PUNCHING,
    OPENED,
    OVER
  }

  private final BareConfig config;
  private final RandomGenerator random;
  private final InstantSource clock;
  private final List<TransportAddress> servers;
  private final NatWatch watch;
  private final PunchLedger ledger = PunchLedger.standard();
  private final PortSeries series = new PortSeries();
  private final Bytes half;
  private final Queue<Output> outputs = new ArrayDeque<>();
  private final Queue<BareEvent> events = new ArrayDeque<>();
  private final Queue<Early> early = new ArrayDeque<>();
  private Phase phase = Phase.NEW;
  private Optional<PunchTry> attempt = Optional.empty();
  private Optional<BareSocket> socket = Optional.empty();
  private Optional<NatTraits> mine = Optional.empty();
  private MonotonicTime mineAt = new MonotonicTime(0);
  private Optional<BareNote> theirs = Optional.empty();
  private MonotonicTime theirsAt = new MonotonicTime(0);
  private Optional<MonotonicTime> start = Optional.empty();
  private Optional<BareRounds> rounds = Optional.empty();
  private Optional<PunchPlan> plan = Optional.empty();
  private Optional<Flow> opened = Optional.empty();
  private MonotonicTime end = new MonotonicTime(0);
  private MonotonicTime began = new MonotonicTime(0);
  private long round;
  private boolean trying;
  private int attempts;
  private int looks;
  private boolean stale;

  /**
   * A peer that has not begun.
   *
   * @param random a {@link java.security.SecureRandom} where it meets the Internet
   * @param clock the time of day, about the same as the other side's
   */
  public BarePeer(BareConfig config, RandomGenerator random, InstantSource clock) {
    this.config = config;
    this.random = random;
    this.clock = clock;
    this.servers =
        config.servers().stream()
            .map(NamedServer::address)
            .filter(TransportAddress::isIpv4)
            .distinct()
            .toList();
    this.watch = new NatWatch(random);
    byte[] fresh = new byte[BareNote.HALF_LENGTH];
    random.nextBytes(fresh);
    this.half = Bytes.wrap(fresh);
  }

  /**
   * Why a note is not the one that this side waits for, one line for people; empty if it is.
   *
   * @param answers whether this side answers
   */
  public static Optional<String> refusal(BareNote note, boolean answers) {
    if (note.isAnswer() == answers) {
      return Optional.of(
          answers
              ? "that line is itself an answer; paste what 'culvert punch' without --answer printed"
              : "that line is no answer; paste what 'culvert punch --answer' printed on the other"
                  + " host");
    }
    return Optional.empty();
  }

  /**
   * Tells it of the other side; only the first note counts, and none that {@link #refusal} refuses.
   */
  public void take(BareNote note, MonotonicTime now) {
    boolean late = phase == Phase.OPENED || phase == Phase.OVER;
    if (late || theirs.isPresent() || refusal(note, config.answers()).isPresent()) {
      return;
    }
    Instant clocks = clock.instant();
    Duration age = Duration.between(note.made(), clocks);
    Duration wait = Duration.between(clocks, note.start().orElse(clocks));
    boolean ahead = age.compareTo(SKEW.negated()) < 0;
    boolean far = wait.compareTo(BareConfig.LONGEST_LEAD.plus(SKEW)) > 0;
    boolean odd = note.start().filter(at -> at.isBefore(note.made())).isPresent();
    if (ahead || far || odd || age.compareTo(OLDEST) > 0) {
      String words = age.isNegative() ? "in the future" : age.toMinutes() + " minutes ago";
      fail(
          BareEvent.Cause.CLOCKS,
          "by this clock the line was made " + words + "; set both clocks, and make new lines");
      return;
    }
    if (age.toSeconds() < 0) {
      events.add(
          new BareEvent.Stale(
              "the other side's clock is ahead by "
                  + -age.toSeconds()
                  + " s at least; set both if nothing comes through"));
    }
    theirs = Optional.of(note);
    Duration before = note.traits().newest().map(PortSighting::age).orElse(Duration.ZERO);
    theirsAt = now.plus(age.plus(before).negated());
    start = note.start().map(at -> now.plus(wait));
    step(now);
  }

  /** Sends a datagram over the path; false if there is none. */
  public boolean send(Bytes data, MonotonicTime now) {
    opened.ifPresent(flow -> outputs.add(new Output.Send(flow, data)));
    return opened.isPresent();
  }

  /** Ends it and closes all its sockets, that of the path included. */
  public void close(MonotonicTime now) {
    watch.forget();
    leave(now);
    opened.ifPresent(flow -> outputs.add(new Output.Close(flow.id())));
    opened = Optional.empty();
    phase = Phase.OVER;
  }

  private void leave(MonotonicTime now) {
    socket = Optional.empty();
    attempt.ifPresent(its -> its.close(now));
  }

  @Override
  public void receive(Flow from, Bytes payload, MonotonicTime now) {
    OptionalLong tag = PunchMachine.tagOf(payload);
    boolean data =
        opened
            .filter(its -> its.id() == from.id() && its.remote().equals(from.remote()))
            .isPresent();
    if (watch.owns(from.id())) {
      watch.receive(from, payload, now);
    } else if (attempt.filter(its -> its.isFor(tag) || phase == Phase.LOOKING).isPresent()) {
      attempt.get().receive(from, payload, now);
    } else if (data) {
      events.add(new BareEvent.Received(payload));
    } else if (trying && opened.isEmpty() && isFromPeer(from)) {
      if (early.size() < MOST_EARLY) {
        early.add(new Early(from, payload));
      }
    } else {
      socket.ifPresent(its -> its.receive(from, payload, now));
    }
    step(now);
  }

  private boolean isFromPeer(Flow from) {
    return !servers.contains(from.remote())
        && theirs
            .filter(its -> its.traits().reflexive().ip().equals(from.remote().ip()))
            .isPresent();
  }

  @Override
  public void accept(Input input, MonotonicTime now) {
    long id = Ids.of(input);
    if (watch.owns(id)) {
      watch.accept(input, now);
    } else {
      boolean shared = attempt.flatMap(PunchTry::socket).filter(its -> its.id() == id).isPresent();
      attempt.filter(its -> its.owns(id)).ifPresent(its -> its.accept(input, now));
      if (input instanceof Input.Closed && shared && phase != Phase.OVER) {
        opened = Optional.empty();
        fail(BareEvent.Cause.SOCKET_LOST, "the system closed the socket");
      }
    }
    step(now);
  }

  @Override
  public void advance(MonotonicTime now) {
    watch.advance(now);
    attempt.ifPresent(its -> its.advance(now));
    socket.ifPresent(its -> its.advance(now));
    step(now);
  }

  private void step(MonotonicTime now) {
    if (phase == Phase.NEW && !(config.answers() && theirs.isEmpty())) {
      phase = Phase.MEASURING;
      watch.measure(0, config.servers(), config.addresses(), now);
    }
    if (phase == Phase.MEASURING) {
      measured(now);
    }
    if (phase == Phase.LOOKING) {
      looked(now);
    }
    if (phase == Phase.DESCRIBED && theirs.isPresent()) {
      agree(now);
    }
    if (phase == Phase.PUNCHING) {
      punch(now);
    }
    if (phase == Phase.OPENED && attempt.filter(PunchTry::isOver).isPresent()) {
      leave(now);
    }
    holds();
  }

  private void measured(MonotonicTime now) {
    watch.settle(now);
    if (watch.view().isPresent()) {
      phase = Phase.LOOKING;
      look();
      attempt.ifPresent(its -> its.advance(now));
    } else if (watch.isBlind()) {
      Optional<LocalAddress> from = NatWatch.from(config.addresses());
      String reason =
          from.isEmpty()
              ? "this host has no IPv4 address to punch from"
              : servers.isEmpty()
                  ? "there is no STUN server with an IPv4 address to ask"
                  : "no STUN server answers this host over UDP";
      fail(BareEvent.Cause.NO_SERVER, reason);
    }
  }

  private void look() {
    LocalAddress from = NatWatch.from(config.addresses()).orElseThrow();
    TransportAddress server = servers.get(looks++);
    attempt = Optional.of(new PunchTry(Tenant.RANGE * looks, from, server, random));
  }

  private void looked(MonotonicTime now) {
    PunchTry its = attempt.orElseThrow();
    Optional<Optional<NatTraits>> seen = its.seen(watch.view().orElseThrow(), series, now, now);
    if (seen.isEmpty()) {
      return;
    }
    if (seen.get().isEmpty()) {
      leave(now);
      drain(its);
      if (looks < servers.size()) {
        look();
        attempt.ifPresent(fresh -> fresh.advance(now));
      } else {
        fail(BareEvent.Cause.NO_SERVER, "the STUN servers fell silent");
      }
      return;
    }
    mine = seen.get();
    mineAt = now;
    socket =
        Optional.of(
            new BareSocket(its.socket().orElseThrow(), servers.get(looks - 1), random, now));
    events.add(new BareEvent.Measured(mine.get()));
    describe(now);
  }

  private void describe(MonotonicTime now) {
    phase = Phase.DESCRIBED;
    Instant at = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    start = config.answers() ? Optional.of(now.plus(config.lead())) : start;
    Optional<Instant> said =
        config.answers() ? Optional.of(at.plus(config.lead())) : Optional.empty();
    events.add(new BareEvent.Described(new BareNote(mine.orElseThrow(), half, at, said)));
  }

  private void agree(MonotonicTime now) {
    MonotonicTime first = start.orElseThrow();
    PunchPlan chosen = choose(first);
    plan = Optional.of(chosen);
    if (!chosen.isAttempted()) {
      fail(BareEvent.Cause.NO_PLAN, chosen.reason());
      return;
    }
    phase = Phase.PUNCHING;
    BareRounds all = BareRounds.of(chosen, config.punch(), first);
    rounds = Optional.of(all);
    end = now.plus(config.patience());
    round = all.next(now);
    if (!all.has(round)) {
      fail(BareEvent.Cause.SILENCE, "the line came too late for its plan; make new lines");
      return;
    }
    events.add(new BareEvent.Planned(chosen, until(all.begin(round), now)));
  }

  private PunchPlan choose(MonotonicTime at) {
    return PunchPlan.choose(
        aged(mine.orElseThrow(), mineAt, at), aged(theirs.orElseThrow().traits(), theirsAt, at));
  }

  private static NatTraits aged(NatTraits traits, MonotonicTime seenAt, MonotonicTime at) {
    return traits
        .newest()
        .map(its -> traits.seen(new PortSighting(its.port(), until(at, seenAt))))
        .orElse(traits);
  }

  private static Duration until(MonotonicTime later, MonotonicTime now) {
    Duration wait = later.since(now);
    return wait.isNegative() ? Duration.ZERO : wait;
  }

  private void punch(MonotonicTime now) {
    BareRounds all = rounds.orElseThrow();
    PunchTry its = attempt.orElseThrow();
    if (trying) {
      its.pollEvent().ifPresent(event -> take(event, now));
    } else if (!now.isBefore(ahead(all))) {
      begin(all, its, now);
    }
  }

  private MonotonicTime ahead(BareRounds all) {
    return all.begin(round).plus(AHEAD.negated());
  }

  private void begin(BareRounds all, PunchTry its, MonotonicTime now) {
    MonotonicTime at = all.begin(round).isBefore(now) ? now : all.begin(round);
    trying = true;
    began = now;
    attempts++;
    plan = Optional.of(choose(at));
    events.add(new BareEvent.Began(attempts));
    boolean leads = !config.answers();
    Bytes other = theirs.orElseThrow().half();
    // One secret for all attempts: clocks that differ have them overlap.
    PunchSecret secret = PunchSecret.of(leads ? half.concat(other) : other.concat(half), 1);
    its.begin(
        plan.get(),
        config.punch().withPatience(all.end(round).since(at)),
        secret,
        leads,
        at,
        Optional.empty(),
        ledger,
        now);
    punch(now);
  }

  private void take(PunchEvent event, MonotonicTime now) {
    if (event instanceof PunchEvent.Opened path) {
      phase = Phase.OPENED;
      opened = Optional.of(path.flow());
      events.add(
          new BareEvent.Opened(
              path.flow(),
              path.seen(),
              plan.orElseThrow(),
              until(now, began),
              path.roundTrip(),
              attempts));
      early.stream()
          .filter(its -> its.from().id() == path.flow().id())
          .filter(its -> its.from().remote().equals(path.flow().remote()))
          .forEach(its -> events.add(new BareEvent.Received(its.payload())));
      early.clear();
    } else if (event instanceof PunchEvent.Failed failed) {
      trying = false;
      early.clear();
      missed(failed, now);
    }
  }

  private void missed(PunchEvent.Failed failed, MonotonicTime now) {
    BareRounds all = rounds.orElseThrow();
    round++;
    if (failed.cause() == PunchEvent.Cause.FORBIDDEN_ADDRESS) {
      fail(BareEvent.Cause.FORBIDDEN_ADDRESS, failed.reason());
    } else if (!all.has(round) || !all.begin(round).isBefore(end)) {
      fail(BareEvent.Cause.SILENCE, failed.reason());
    } else {
      events.add(new BareEvent.Missed(failed.reason(), until(all.begin(round), now)));
    }
  }

  private void fail(BareEvent.Cause cause, String reason) {
    if (phase == Phase.OVER) {
      return;
    }
    phase = Phase.OVER;
    events.add(new BareEvent.Failed(cause, plan, reason));
  }

  /** What a NAT gives to one socket is the same as before, unless it has begun anew. */
  private void holds() {
    Optional<TransportAddress> seen = socket.flatMap(BareSocket::seen);
    if (stale || seen.isEmpty() || phase == Phase.OPENED || phase == Phase.OVER) {
      return;
    }
    NatTraits told = mine.orElseThrow();
    boolean steady = told.mapping() == Dependence.ENDPOINT_INDEPENDENT;
    boolean moved =
        steady
            ? !seen.get().equals(told.reflexive())
            : !seen.get().ip().equals(told.reflexive().ip());
    if (moved) {
      stale = true;
      events.add(
          new BareEvent.Stale(
              "the NAT gives this host another address than the line says; make new lines if the"
                  + " other side does not get through"));
    }
  }

  @Override
  public Optional<MonotonicTime> nextDeadline() {
    if (phase == Phase.NEW || phase == Phase.OVER) {
      return Optional.empty();
    }
    Optional<MonotonicTime> next =
        phase == Phase.PUNCHING && !trying ? rounds.map(this::ahead) : Optional.empty();
    return Stream.of(
            next,
            watch.nextDeadline(),
            attempt.flatMap(PunchTry::nextDeadline),
            socket.map(BareSocket::nextDeadline))
        .flatMap(Optional::stream)
        .min(MonotonicTime::compareTo);
  }

  @Override
  public Optional<Output> pollOutput() {
    return Optional.ofNullable(outputs.poll())
        .or(watch::pollOutput)
        .or(() -> attempt.flatMap(PunchTry::pollOutput))
        .or(() -> socket.flatMap(BareSocket::pollOutput));
  }

  private void drain(PunchTry its) {
    for (Optional<Output> next = its.pollOutput(); next.isPresent(); next = its.pollOutput()) {
      outputs.add(next.get());
    }
  }

  @Override
  public Optional<BareEvent> pollEvent() {
    return Optional.ofNullable(events.poll());
  }
}
