package dev.culvert.cli.turn;

import dev.culvert.cli.turn.TestPlan.Way;
import dev.culvert.cli.turn.Trouble.Cause;
import dev.culvert.detect.IpFamily;
import dev.culvert.sansio.Answer;
import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.Flow;
import dev.culvert.sansio.Input;
import dev.culvert.sansio.IpLiterals;
import dev.culvert.sansio.Machine;
import dev.culvert.sansio.MonotonicTime;
import dev.culvert.sansio.Output;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.stun.ServerLookup;
import dev.culvert.stun.StunUri;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.random.RandomGenerator;

/**
 * Tries relays from end to end, one way after the other, so that it never has more than two
 * allocations and no way disturbs another. It begins with the first {@link #advance}; {@link
 * TestEvent.Finished} comes last.
 */
final class RelayTest implements Machine<TestEvent> {
  private static final int STUN_PORT = 3478;

  private final TestPlan plan;
  private final RandomGenerator random;
  private final InstantSource clock;
  private final Queue<Output> outputs = new ArrayDeque<>();
  private final Queue<TestEvent> events = new ArrayDeque<>();
  private final Queue<Way> waysLeft;
  private final Queue<Attempt> attempts = new ArrayDeque<>();
  private final Queue<WayResult> leftOut = new ArrayDeque<>();
  private Optional<Way> way = Optional.empty();
  private Optional<ServerLookup> lookup = Optional.empty();
  private Optional<WayTest> current = Optional.empty();
  private Optional<WayResult> last = Optional.empty();
  private Optional<MonotonicTime> endsAt = Optional.empty();
  private Optional<MonotonicTime> lookupEndsAt = Optional.empty();
  private boolean uncertain;
  private boolean timeIsUp;
  private boolean finished;
  private long nextId;

  /** One server address and what is wanted there. */
  private record Attempt(
      Way way, TransportAddress server, IpFamily relayedFamily, Optional<TransportAddress> stun) {
    boolean isLike(WayResult other) {
      return other.way().equals(way) && other.server().equals(Optional.of(server));
    }
  }

  /**
   * A test that has not begun.
   *
   * @param random for transaction ids and datagrams, a {@link java.security.SecureRandom} on the
   *     Internet
   * @param clock the wall clock, in which credentials expire
   */
  RelayTest(TestPlan plan, RandomGenerator random, InstantSource clock) {
    this.plan = plan;
    this.random = random;
    this.clock = clock;
    this.waysLeft = new ArrayDeque<>(plan.ways());
  }

  /** Breaks off, and gives back what it has. */
  void stop(MonotonicTime now) {
    timeIsUp = true;
    waysLeft.clear();
    attempts.clear();
    lookup = Optional.empty();
    current.ifPresent(its -> its.stop(timeUp(), now));
    settle(now);
  }

  @Override
  public void receive(Flow from, Bytes payload, MonotonicTime now) {
    current.ifPresent(its -> its.receive(from, payload, now));
    settle(now);
  }

  @Override
  public void accept(Input input, MonotonicTime now) {
    if (input instanceof Input.Answered answered) {
      uncertain |= answered.answer() instanceof Answer.Failed;
      lookup.ifPresent(
          its -> {
            its.accept(answered);
            drain(its);
          });
    } else {
      current.ifPresent(its -> its.accept(input, now));
    }
    settle(now);
  }

  @Override
  public void advance(MonotonicTime now) {
    if (endsAt.isEmpty()) {
      endsAt = Optional.of(now.plus(plan.limit()));
    }
    current.ifPresent(its -> its.advance(now));
    if (lookup.isPresent() && !now.isBefore(lookupEndsAt.orElseThrow())) {
      nowhere(new Trouble(Cause.DNS, "no name server answered in time", dnsMend()));
    }
    if (!timeIsUp && !now.isBefore(endsAt.get())) {
      timeIsUp = true;
      current.ifPresent(its -> its.stop(timeUp(), now));
    }
    settle(now);
  }

  private static Trouble timeUp() {
    return new Trouble(Cause.TIME_UP, "time was up", "give it more with --timeout");
  }

  private static String dnsMend() {
    return "check that this host is online and its DNS works, or write an IP address";
  }

  /** Does whatever can be done at once: one way ends, the next begins. */
  private void settle(MonotonicTime now) {
    while (!finished) {
      if (current.isPresent()) {
        WayTest its = current.get();
        Optional<WayResult> result = its.result();
        if (result.isPresent() && !result.equals(last)) {
          judged(result.get());
        }
        drain(its);
        if (!its.isDone()) {
          return;
        }
        current = Optional.empty();
      } else if (!attempts.isEmpty()) {
        begin(attempts.remove(), now);
      } else if (!leftOut.isEmpty()) {
        judged(leftOut.remove());
      } else if (lookup.isPresent()) {
        return;
      } else if (!waysLeft.isEmpty()) {
        lookUp(waysLeft.remove(), now);
      } else {
        finished = true;
        events.add(new TestEvent.Finished());
      }
    }
  }

  private void drain(WayTest its) {
    for (Optional<Output> next = its.pollOutput(); next.isPresent(); next = its.pollOutput()) {
      outputs.add(next.get());
    }
  }

  private void judged(WayResult result) {
    last = Optional.of(result);
    events.add(new TestEvent.Judged(result));
  }

  private void begin(Attempt attempt, MonotonicTime now) {
    Optional<WayResult> before = last.filter(attempt::isLike).filter(WayResult::stopsTheWay);
    if (timeIsUp) {
      judged(
          WayResult.fail(
              attempt.way(),
              IpFamily.of(attempt.server().ip()),
              Optional.of(attempt.server()),
              timeUp()));
    } else if (before.isEmpty()) {
      WayTest next =
          new WayTest(
              this, attempt.way(), attempt.server(), attempt.relayedFamily(), attempt.stun());
      current = Optional.of(next);
      next.begin(now);
    }
  }

  private void lookUp(Way next, MonotonicTime now) {
    way = Optional.of(next);
    uncertain = false;
    if (timeIsUp) {
      nowhere(timeUp());
      return;
    }
    lookupEndsAt = Optional.of(now.plus(plan.deadline()));
    ServerLookup its = new ServerLookup(next.uri(), random, this::newId);
    lookup = Optional.of(its);
    drain(its);
  }

  private void drain(ServerLookup its) {
    for (Optional<Output> question = its.pollOutput();
        question.isPresent();
        question = its.pollOutput()) {
      outputs.add(question.get());
    }
    if (its.result().isEmpty()) {
      return;
    }
    lookup = Optional.empty();
    if (its.result().get() instanceof ServerLookup.Found found) {
      plan(found.servers().stream().map(ServerLookup.Server::address).toList());
    } else if (its.result().get() instanceof ServerLookup.Failed failed) {
      nowhere(
          uncertain
              ? new Trouble(Cause.DNS, Words.printable(failed.reason()), dnsMend())
              : new Trouble(
                  Cause.NO_HOST,
                  Words.printable(failed.reason()),
                  "check the spelling, or write an IP address"));
    }
  }

  private void nowhere(Trouble why) {
    lookup = Optional.empty();
    IpFamily family = plan.families().contains(IpFamily.IPV4) ? IpFamily.IPV4 : IpFamily.IPV6;
    judged(WayResult.fail(way.orElseThrow(), family, Optional.empty(), why));
  }

  private void plan(List<TransportAddress> servers) {
    Way asked = way.orElseThrow();
    for (IpFamily family : IpFamily.values()) {
      if (!plan.families().contains(family)) {
        continue;
      }
      Optional<TransportAddress> server = first(servers, family);
      if (server.isPresent()) {
        for (IpFamily relayed : IpFamily.values()) {
          if (plan.relayed().contains(relayed)) {
            attempts.add(
                new Attempt(asked, server.get(), relayed, stun(asked, first(servers, relayed))));
          }
        }
      } else if (!asked.uri().isLiteral() || plan.families().size() == 1) {
        String none = "the relay has no " + family + " address";
        leftOut.add(
            WayResult.skip(
                asked, family, Optional.empty(), new Trouble(Cause.NO_FAMILY, none, "")));
      }
    }
  }

  private static Optional<TransportAddress> first(List<TransportAddress> all, IpFamily family) {
    return all.stream().filter(address -> IpFamily.of(address.ip()) == family).findFirst();
  }

  /** Where the same relay most likely answers Binding requests over UDP. */
  private static Optional<TransportAddress> stun(Way way, Optional<TransportAddress> server) {
    return way.uri().scheme() == StunUri.Scheme.TURNS
        ? server.map(address -> address.withPort(STUN_PORT))
        : server;
  }

  @Override
  public Optional<MonotonicTime> nextDeadline() {
    if (finished || endsAt.isEmpty()) {
      return Optional.empty();
    }
    Optional<MonotonicTime> next = current.flatMap(WayTest::nextDeadline);
    if (lookup.isPresent()) {
      next = lookupEndsAt;
    }
    return timeIsUp ? next : next.filter(at -> at.isBefore(endsAt.get())).or(() -> endsAt);
  }

  @Override
  public Optional<Output> pollOutput() {
    return Optional.ofNullable(outputs.poll());
  }

  @Override
  public Optional<TestEvent> pollEvent() {
    return Optional.ofNullable(events.poll());
  }

  // What follows is for the ways.

  TestPlan plan() {
    return plan;
  }

  RandomGenerator random() {
    return random;
  }

  InstantSource clock() {
    return clock;
  }

  long newId() {
    return nextId++;
  }

  void step(Way where, TransportAddress server, IpFamily relayed, String what) {
    String place =
        Words.lower(where.uri().transport())
            + " "
            + IpLiterals.format(server.ip(), true)
            + " relaying "
            + relayed;
    events.add(new TestEvent.Step(place, what));
  }
}
