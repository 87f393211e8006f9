package dev.culvert.cli.turn;

import dev.culvert.cli.turn.Trouble.Cause;
import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.MonotonicTime;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.turn.client.TurnClient;
import dev.culvert.turn.client.TurnClientEvent;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Datagrams there and back: knocks until the first is back, since permissions on both sides take
 * their time, then those that count, then as many as the relay carries. A part of {@link WayTest}.
 */
final class EchoTrial {
  private static final Duration KNOCK = Duration.ofMillis(100);
  private static final Duration AFTERMATH = Duration.ofSeconds(1);

  /** Media and data packets are about as long. */
  private static final int FLOOD_SIZE = 1000;

  private final TestPlan.EchoPlan plan;
  private final TurnClient client;
  private final Peer peer;
  private final TransportAddress relayed;
  private final RelayTest test;
  private final EchoSeries knocks;
  private final EchoSeries series;
  private Optional<MonotonicTime> begun = Optional.empty();
  private Optional<MonotonicTime> next = Optional.empty();
  private Optional<Flood> flood = Optional.empty();
  private Optional<Throughput> throughput = Optional.empty();
  private int knocked;
  private int numbered;
  private boolean over;

  /**
   * A trial that has not begun.
   *
   * @param relayed where the peer sends to
   */
  EchoTrial(
      TestPlan.EchoPlan plan,
      TurnClient client,
      Peer peer,
      TransportAddress relayed,
      RelayTest test) {
    this.plan = plan;
    this.client = client;
    this.peer = peer;
    this.relayed = relayed;
    this.test = test;
    this.knocks = new EchoSeries(test.random().nextLong(), plan.size());
    this.series = new EchoSeries(test.random().nextLong(), plan.size());
  }

  /** How long it takes, knocks apart. */
  Duration length() {
    return plan.interval()
        .multipliedBy(plan.count())
        .plus(AFTERMATH)
        .plus(plan.throughput().map(time -> time.plus(AFTERMATH)).orElse(Duration.ZERO));
  }

  /** Whether any datagram came through. */
  boolean hasBegun() {
    return numbered > 0;
  }

  boolean isKnockingLongerThan(Duration patience, MonotonicTime now) {
    return numbered == 0 && begun.filter(at -> !now.isBefore(at.plus(patience))).isPresent();
  }

  boolean isOver() {
    return over;
  }

  EchoFigures figures() {
    return series.figures();
  }

  Optional<Throughput> throughput() {
    return throughput;
  }

  void take(TurnClientEvent.Received received, MonotonicTime now) {
    peer.seen(received.peer(), received.data());
    if (peer.address().filter(received.peer()::equals).isEmpty()) {
      return;
    }
    Bytes data = received.data();
    if (knocks.isIts(data)) {
      if (knocks.take(data, now) == EchoSeries.Arrival.BACK && numbered == 0) {
        sendNext(now);
      }
    } else if (series.isIts(data)) {
      series.take(data, now);
      if (series.back() == plan.count()) {
        counted(now);
      }
    } else {
      flood.ifPresent(its -> its.take(data, now));
    }
  }

  void advance(MonotonicTime now) {
    if (begun.isEmpty()) {
      begun = Optional.of(now);
      next = Optional.of(now);
    }
    flood.ifPresent(its -> advance(its, now));
    if (over || next.isEmpty() || now.isBefore(next.get())) {
      return;
    }
    if (numbered == 0) {
      knock(now);
    } else if (numbered < plan.count()) {
      sendNext(now);
    } else {
      counted(now);
    }
  }

  private void advance(Flood its, MonotonicTime now) {
    its.advance(now);
    throughput = its.result(now);
    over |= throughput.isPresent();
  }

  private void knock(MonotonicTime now) {
    peer.meet(relayed, now);
    send(knocks.send(knocked++, now), now);
    next = Optional.of(now.plus(KNOCK));
  }

  private void sendNext(MonotonicTime now) {
    numbered++;
    send(series.send(numbered, now), now);
    next = Optional.of(now.plus(numbered < plan.count() ? plan.interval() : AFTERMATH));
  }

  private void send(Bytes datagram, MonotonicTime now) {
    client.send(peer.address().orElseThrow(), datagram, now);
  }

  private void counted(MonotonicTime now) {
    if (next.isEmpty()) {
      return;
    }
    next = Optional.empty();
    if (plan.throughput().isEmpty() || series.back() == 0) {
      over = true;
      return;
    }
    Duration length = plan.throughput().get();
    int size = Math.max(plan.size(), FLOOD_SIZE);
    flood =
        Optional.of(
            new Flood(
                test.random().nextLong(), size, length, datagram -> send(datagram, now), now));
  }

  Optional<MonotonicTime> nextDeadline() {
    return over
        ? Optional.empty()
        : Stream.concat(next.stream(), flood.map(Flood::nextDeadline).stream())
            .min(MonotonicTime::compareTo);
  }

  /** Why it is not good enough; empty if it is. */
  Optional<Trouble> trouble() {
    EchoFigures figures = figures();
    if (figures.altered() > 0) {
      return Optional.of(
          new Trouble(
              Cause.ALTERED,
              figures.altered() + " datagrams came back changed",
              "look for a device on the way that rewrites what it carries"));
    }
    return figures.back() > 0
        ? Optional.empty()
        : Optional.of(
            new Trouble(
                Cause.ECHO,
                "none of " + figures.sent() + " datagrams came back",
                "try a smaller --size; something on the way may drop what is longer"));
  }

  /** Why nothing came back, as far as can be told. */
  Trouble silence() {
    if (knocks.figures().altered() > 0) {
      return new Trouble(
          Cause.ALTERED,
          "datagrams came back changed",
          "look for a device on the way that rewrites what it carries");
    }
    String to = peer.words() + " at " + peer.address().map(Object::toString).orElse("nowhere");
    return switch (Integer.signum(peer.heard())) {
      case 1 ->
          new Trouble(
              Cause.ECHO,
              "datagrams reach " + to + ", but none came back by " + relayed,
              "open the relay's ports (49152-65535 by default) for UDP from outside, and see that"
                  + " the relayed address is its own");
      case 0 ->
          new Trouble(
              Cause.ECHO,
              "no datagram reached " + to,
              "see that the relay may send there, and that its relayed address is its own"
                  + " (culvert node --external-ip, coturn external-ip)");
      default ->
          new Trouble(
              Cause.ECHO,
              "nothing came back from " + to,
              "see that it sends everything back, as UDP port 7 does, and that the relay reaches"
                  + " it");
    };
  }
}
