package dev.culvert.cli.turn;

import dev.culvert.cli.turn.TestPlan.Way;
import dev.culvert.cli.turn.Trouble.Cause;
import dev.culvert.cli.turn.WayResult.Allocation;
import dev.culvert.cli.turn.WayResult.Outcome;
import dev.culvert.detect.IpFamily;
import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.CloseCause;
import dev.culvert.sansio.Flow;
import dev.culvert.sansio.Input;
import dev.culvert.sansio.MonotonicTime;
import dev.culvert.sansio.Output;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.stun.Method;
import dev.culvert.stun.StunCodec;
import dev.culvert.stun.StunMessage;
import dev.culvert.stun.TransactionId;
import dev.culvert.stun.attribute.ErrorCode;
import dev.culvert.turn.client.RelayedFamilies;
import dev.culvert.turn.client.TurnClientConfig;
import dev.culvert.turn.client.TurnClientEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One way to a relay, tried from end to end: an allocation, a peer, datagrams there and back. A
 * part of {@link RelayTest}, confined to its thread.
 */
final class WayTest {
  /** Who said that nobody listens may have meant somebody else's datagram. */
  private static final Duration AFTER_REFUSAL = Duration.ofSeconds(1);

  private static final Duration LONGEST_GOODBYE = Duration.ofMillis(3500);

  private final RelayTest test;
  private final Way way;
  private final TransportAddress server;
  private final IpFamily relayedFamily;
  private final Optional<TransportAddress> stun;
  private final Diagnosis diagnosis;
  private final Leg leg;
  private final List<String> notes = new ArrayList<>();
  private final List<Peer> formerPeers = new ArrayList<>();
  private Phase phase = Phase.ALLOCATING;
  private Optional<Allocation> allocation = Optional.empty();
  private Optional<Peer> peer = Optional.empty();
  private Optional<EchoTrial> trial = Optional.empty();
  private Optional<WayResult> result = Optional.empty();
  private Optional<Output> question = Optional.empty();
  private Optional<MonotonicTime> doubtsAt = Optional.empty();
  private MonotonicTime begun = new MonotonicTime(0);
  private MonotonicTime deadline = begun;

  private enum Phase {
    ALLOCATING,
    PEERING,
    ECHOING,
    LEAVING,
    DONE
  }

  /**
   * A way that has not begun.
   *
   * @param stun where an own socket learns its address; empty if nowhere
   */
  WayTest(
      RelayTest test,
      Way way,
      TransportAddress server,
      IpFamily relayedFamily,
      Optional<TransportAddress> stun) {
    this.test = test;
    this.way = way;
    this.server = server;
    this.relayedFamily = relayedFamily;
    this.stun = stun;
    this.diagnosis = new Diagnosis(server, way.uri().transport(), test.plan().user(), test.clock());
    this.leg = newLeg();
  }

  private Leg newLeg() {
    TurnClientConfig config =
        way.uri().transport().isSecure()
            ? TurnClientConfig.secure(
                server, way.uri().transport(), way.identity(), test.plan().user().credential())
            : TurnClientConfig.of(server, way.uri().transport(), test.plan().user().credential());
    RelayedFamilies families =
        relayedFamily == IpFamily.IPV4 ? RelayedFamilies.IPV4 : RelayedFamilies.IPV6;
    return new Leg(config.withFamilies(families), test.random(), test::newId, this::step);
  }

  private void step(String text) {
    test.step(way, server, relayedFamily, text);
  }

  void begin(MonotonicTime now) {
    begun = now;
    deadline = now.plus(test.plan().deadline());
    doubtsAt = Optional.of(now.plus(test.plan().deadline().dividedBy(2)));
    leg.client().advance(now);
    settle(now);
  }

  /** What came of it; before it {@link #isDone}. */
  Optional<WayResult> result() {
    return result;
  }

  /** Whether everything is given back, too. */
  boolean isDone() {
    return phase == Phase.DONE;
  }

  void receive(Flow from, Bytes payload, MonotonicTime now) {
    leg.receive(from, payload, now);
    peers().forEach(its -> its.receive(from, payload, now));
    settle(now);
  }

  void accept(Input input, MonotonicTime now) {
    leg.accept(input, now);
    peers().forEach(its -> its.accept(input, now));
    boolean refused =
        phase == Phase.ALLOCATING
            && !leg.tap().hasHeard()
            && leg.tap().unreachable().filter(CloseCause.REFUSED::equals).isPresent();
    if (refused && now.plus(AFTER_REFUSAL).isBefore(deadline)) {
      deadline = now.plus(AFTER_REFUSAL);
    }
    settle(now);
  }

  void advance(MonotonicTime now) {
    if (!leg.isOver()) {
      leg.client().advance(now);
    }
    peers().forEach(its -> its.advance(now));
    trial.ifPresent(its -> its.advance(now));
    doubt(now);
    settle(now);
    if (phase != Phase.DONE && !now.isBefore(deadline)) {
      timeUp(now);
      settle(now);
    }
  }

  /** A server that does not relay says nothing to who wants that, but answers a plain question. */
  private void doubt(MonotonicTime now) {
    if (doubtsAt.filter(at -> !now.isBefore(at)).isPresent()) {
      doubtsAt = Optional.empty();
      StunMessage binding =
          StunMessage.request(Method.BINDING, TransactionId.random(test.random()));
      question =
          leg.tap()
              .flow()
              .filter(flow -> phase == Phase.ALLOCATING && !leg.tap().hasHeard())
              .map(flow -> new Output.Send(flow, StunCodec.encode(binding)));
    }
  }

  Optional<MonotonicTime> nextDeadline() {
    if (phase == Phase.DONE) {
      return Optional.empty();
    }
    Stream<Optional<MonotonicTime>> all =
        Stream.of(
            Optional.of(deadline),
            doubtsAt,
            leg.isOver() ? Optional.empty() : leg.client().nextDeadline(),
            trial.flatMap(EchoTrial::nextDeadline));
    return Stream.concat(all, peers().map(Peer::nextDeadline))
        .flatMap(Optional::stream)
        .min(MonotonicTime::compareTo);
  }

  Optional<Output> pollOutput() {
    Optional<Output> next = question.or(leg::pollOutput);
    question = Optional.empty();
    for (Peer its : peers().toList()) {
      next = next.or(its::pollOutput);
    }
    return next;
  }

  /** Breaks off and gives everything back. */
  void stop(Trouble why, MonotonicTime now) {
    finish(Outcome.FAIL, Optional.of(why), now);
    settle(now);
  }

  private Stream<Peer> peers() {
    return Stream.concat(peer.stream(), List.copyOf(formerPeers).stream());
  }

  private void settle(MonotonicTime now) {
    for (Optional<TurnClientEvent> event = leg.pollEvent();
        event.isPresent();
        event = leg.pollEvent()) {
      if (phase != Phase.LEAVING && phase != Phase.DONE) {
        take(event.get(), now);
      }
    }
    if (phase == Phase.PEERING && peer.flatMap(Peer::trouble).isPresent()) {
      peerFailed(peer.flatMap(Peer::trouble).get(), now);
    } else if (phase == Phase.PEERING && peer.flatMap(Peer::address).isPresent()) {
      echo(now);
    } else if (phase == Phase.ECHOING) {
      judge(now);
    }
    if (phase == Phase.LEAVING && leg.isOver() && peers().allMatch(Peer::isClosed)) {
      phase = Phase.DONE;
    }
  }

  private void take(TurnClientEvent event, MonotonicTime now) {
    if (event instanceof TurnClientEvent.Allocated allocated) {
      allocated(allocated, now);
    } else if (event instanceof TurnClientEvent.Failed failed) {
      Trouble why = diagnosis.failed(failed.code(), failed.reason(), leg.tap());
      boolean unknownFamily =
          failed.code() == ErrorCode.UNKNOWN_ATTRIBUTE && relayedFamily == IpFamily.IPV6;
      refused(unknownFamily ? diagnosis.failed(440, failed.reason(), leg.tap()) : why, now);
    } else if (event instanceof TurnClientEvent.Postponed postponed) {
      refused(diagnosis.failed(postponed.code(), postponed.reason(), leg.tap()), now);
    } else if (event instanceof TurnClientEvent.Lost lost) {
      finish(Outcome.FAIL, Optional.of(PeerWords.lost(lost)), now);
    } else if (event instanceof TurnClientEvent.Redirected redirected) {
      notes.add("it sent this client to " + redirected.server() + " (300)");
      step("300: it sends this client to " + redirected.server());
    } else if (event instanceof TurnClientEvent.PeerRefused no) {
      // A former peer may be refused late.
      if (peer.flatMap(Peer::address).filter(its -> its.ip().equals(no.peer())).isPresent()) {
        peerFailed(PeerWords.refused(no, server.ip()), now);
      }
    } else if (event instanceof TurnClientEvent.PeerUnreachable unreachable) {
      notes.add("the relay was told that the peer " + unreachable.peer() + " is unreachable");
    } else if (event instanceof TurnClientEvent.Received received) {
      trial.ifPresent(its -> its.take(received, now));
    }
  }

  private void refused(Trouble why, MonotonicTime now) {
    boolean harmless =
        why.cause() == Cause.NO_FAMILY
            || (why.cause() == Cause.NO_RELAYED_FAMILY && !test.plan().relayedDemanded());
    finish(harmless ? Outcome.SKIP : Outcome.FAIL, Optional.of(why), now);
  }

  private void allocated(TurnClientEvent.Allocated given, MonotonicTime now) {
    TransportAddress relayed = given.relayed().get(0);
    Tap tap = leg.tap();
    tap.stop();
    allocation =
        Optional.of(
            new Allocation(
                given.server(),
                relayed,
                given.mapped(),
                given.lifetime(),
                now.since(begun),
                tap.isChallenged() ? tap.realm() : Optional.empty(),
                tap.software()));
    step("allocated " + relayed + " for " + given.lifetime().toSeconds() + " s");
    if (!tap.isChallenged()) {
      notes.add("it asks for no credentials: anybody may relay through it");
    }
    PeerWords.outOfReach(relayed, server.ip()).ifPresent(notes::add);
    Optional<Trouble> wrong = diagnosis.gift(relayed, relayedFamily, tap, test.plan().realm());
    if (wrong.isPresent()) {
      finish(Outcome.FAIL, wrong, now);
    } else {
      peering(firstPeer(given), now);
    }
  }

  private Peer firstPeer(TurnClientEvent.Allocated given) {
    PeerChoice choice = test.plan().echo().peer();
    return switch (choice.kind()) {
      case AUTO, RELAY -> new RelayedPeer(newLeg(), diagnosis);
      case OWN -> ownPeer(given.mapped());
      case ELSEWHERE -> new RemotePeer(choice.address().orElseThrow());
    };
  }

  private Peer ownPeer(TransportAddress mapped) {
    boolean same = IpFamily.of(mapped.ip()) == relayedFamily;
    return new OwnPeer(
        test.newId(),
        stun,
        same ? mapped.ip() : stun.map(TransportAddress::ip).orElse(mapped.ip()),
        test.random());
  }

  private void peering(Peer next, MonotonicTime now) {
    phase = Phase.PEERING;
    peer = Optional.of(next);
    deadline = now.plus(test.plan().deadline());
    next.begin(now);
  }

  /** An own socket is as good a peer where the relay does not relay to itself. */
  private void peerFailed(Trouble why, MonotonicTime now) {
    boolean another =
        test.plan().echo().peer().kind() == PeerChoice.Kind.AUTO
            && peer.filter(RelayedPeer.class::isInstance).isPresent();
    if (!another) {
      finish(Outcome.FAIL, Optional.of(why), now);
      return;
    }
    String note = "a second allocation was no peer: " + why.what();
    notes.add(note);
    step(note);
    peer.ifPresent(
        former -> {
          former.close(now);
          formerPeers.add(former);
        });
    trial = Optional.empty();
    peering(ownPeer(allocation.orElseThrow().mapped()), now);
  }

  private void echo(MonotonicTime now) {
    phase = Phase.ECHOING;
    Peer its = peer.orElseThrow();
    step("the peer is " + its.words() + " at " + its.address().orElseThrow());
    EchoTrial next =
        new EchoTrial(
            test.plan().echo(), leg.client(), its, allocation.orElseThrow().relayed(), test);
    trial = Optional.of(next);
    deadline = now.plus(test.plan().deadline()).plus(next.length());
    next.advance(now);
  }

  private void judge(MonotonicTime now) {
    EchoTrial its = trial.orElseThrow();
    Optional<Trouble> why = peer.flatMap(Peer::trouble);
    if (why.isPresent()) {
      peerFailed(why.get(), now);
    } else if (its.isKnockingLongerThan(test.plan().deadline(), now)) {
      peerFailed(its.silence(), now);
    } else if (its.isOver()) {
      finish(its.trouble().isEmpty() ? Outcome.PASS : Outcome.FAIL, its.trouble(), now);
    }
  }

  private void timeUp(MonotonicTime now) {
    switch (phase) {
      case ALLOCATING -> refused(diagnosis.silent(leg.tap()), now);
      case PEERING ->
          peerFailed(
              new Trouble(
                  Cause.NO_ANSWER,
                  "there was no peer in time",
                  "choose another with --peer, or give it more time with --deadline"),
              now);
      case ECHOING -> peerFailed(trial.orElseThrow().silence(), now);
      case LEAVING, DONE -> phase = Phase.DONE;
    }
  }

  private void finish(Outcome outcome, Optional<Trouble> trouble, MonotonicTime now) {
    if (result.isPresent()) {
      return;
    }
    Optional<WayResult.Echo> echo =
        trial
            .filter(EchoTrial::hasBegun)
            .map(
                its ->
                    new WayResult.Echo(
                        peer.orElseThrow().words(),
                        peer.flatMap(Peer::address).orElseThrow(),
                        its.figures()));
    result =
        Optional.of(
            new WayResult(
                way,
                IpFamily.of(server.ip()),
                Optional.of(relayedFamily),
                outcome,
                Optional.of(server),
                allocation,
                echo,
                trial.flatMap(EchoTrial::throughput),
                trouble,
                notes));
    phase = Phase.LEAVING;
    deadline = now.plus(LONGEST_GOODBYE);
    leg.client().close(now);
    peer.ifPresent(its -> its.close(now));
  }
}
