package dev.culvert.cli.server;

import dev.culvert.cli.server.Rfc5780Support.State;
import dev.culvert.sansio.CloseCause;
import dev.culvert.sansio.Flow;
import dev.culvert.sansio.IpLiterals;
import dev.culvert.sansio.MonotonicTime;
import dev.culvert.sansio.Transport;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.stun.ClientRequest;
import dev.culvert.stun.RetransmissionPolicy;
import dev.culvert.stun.TransactionOutcome;
import dev.culvert.stun.TransactionOutcome.Responded;
import dev.culvert.stun.attribute.ChangeRequest;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Finds out whether a server that gives OTHER-ADDRESS can be relied on for RFC 5780's tests. It
 * first asks at each of the server's four corners, which also opens whatever filter is on the way,
 * and then demands answers from the other ones: only where they truly came from counts.
 */
final class SecondAddress implements FlowOwner {
  private final ServerProbe probe;
  private final TransportAddress primary;
  private final TransportAddress other;
  private final RetransmissionPolicy policy;
  private final Consumer<Rfc5780Support> whenDone;
  private final List<TransportAddress> silent = new ArrayList<>();
  private long socket;
  private int pending;
  private int right;
  private int lost;
  private boolean done;

  private SecondAddress(
      ServerProbe probe,
      TransportAddress primary,
      TransportAddress other,
      Duration roundTrip,
      Consumer<Rfc5780Support> whenDone) {
    this.probe = probe;
    this.primary = primary;
    this.other = other;
    this.whenDone = whenDone;
    Duration wait = Duration.ofMillis(Math.max(100, Math.min(400, 2 * roundTrip.toMillis())));
    policy = RetransmissionPolicy.constant(wait, 4);
  }

  /** Examines, or tells at once where there is nothing to examine. */
  static void examine(
      ServerProbe probe,
      TransportAddress primary,
      Optional<TransportAddress> other,
      Duration roundTrip,
      Consumer<Rfc5780Support> whenDone) {
    if (other.isEmpty()) {
      whenDone.accept(Rfc5780Support.none());
      return;
    }
    Optional<String> impossible = impossible(primary, other.get());
    if (impossible.isPresent()) {
      whenDone.accept(new Rfc5780Support(State.NO, other, impossible));
      return;
    }
    SecondAddress examination = new SecondAddress(probe, primary, other.get(), roundTrip, whenDone);
    InetAddress any = IpLiterals.parse(primary.isIpv4() ? "0.0.0.0" : "::").orElseThrow();
    examination.socket = probe.bind(new TransportAddress(any, 0), examination);
  }

  private static Optional<String> impossible(TransportAddress primary, TransportAddress other) {
    InetAddress ip = other.ip();
    if (primary.isIpv4() != other.isIpv4()) {
      return Optional.of("its other address is of another family");
    } else if (ip.equals(primary.ip())) {
      return Optional.of("its other address differs in the port alone");
    } else if (other.port() == 0 || other.port() == primary.port()) {
      return Optional.of("its other address has no other port");
    } else if (ip.isAnyLocalAddress()
        || ip.isMulticastAddress()
        || (ip.isLoopbackAddress() && !primary.ip().isLoopbackAddress())) {
      return Optional.of("its other address is none that a server can have");
    }
    return Optional.empty();
  }

  @Override
  public void bound(TransportAddress local, MonotonicTime now) {
    Flow flow = new Flow(socket, Transport.UDP, local, primary);
    List<TransportAddress> corners = List.of(other, primary.withPort(other.port()), otherIp());
    pending = corners.size();
    for (TransportAddress corner : corners) {
      ClientRequest request = ClientRequest.binding(flow.to(corner), probe.newTransactionId());
      probe.ask(
          request.withPolicy(policy), now, (outcome, at) -> cornerDone(flow, corner, outcome, at));
    }
  }

  private TransportAddress otherIp() {
    return other.withPort(primary.port());
  }

  private void cornerDone(
      Flow flow, TransportAddress corner, TransactionOutcome outcome, MonotonicTime now) {
    if (!(outcome instanceof Responded responded && responded.isFromWhereAsked())) {
      silent.add(corner);
    }
    if (--pending == 0) {
      pending = 3;
      demand(flow, new ChangeRequest(true, true), other, now);
      demand(flow, new ChangeRequest(false, true), primary.withPort(other.port()), now);
      demand(flow, new ChangeRequest(true, false), otherIp(), now);
    }
  }

  private void demand(
      Flow flow, ChangeRequest change, TransportAddress expected, MonotonicTime now) {
    ClientRequest request = ClientRequest.binding(flow, probe.newTransactionId(), change);
    probe.ask(
        request.withPolicy(policy), now, (outcome, at) -> demandDone(change, expected, outcome));
  }

  private void demandDone(
      ChangeRequest change, TransportAddress expected, TransactionOutcome outcome) {
    pending--;
    if (!(outcome instanceof Responded responded)) {
      lost++;
    } else if (responded.response().message().error().isPresent()) {
      finish(State.NO, Optional.of("it refuses CHANGE-REQUEST"));
    } else if (responded.from().remote().equals(expected)) {
      right++;
    } else {
      finish(
          State.DISHONEST,
          Optional.of(
              "asked to answer from "
                  + expected
                  + " ("
                  + (change.changeIp() ? change.changePort() ? "both" : "address" : "port")
                  + " changed) it answered from "
                  + responded.from().remote()));
    }
    if (pending == 0) {
      conclude();
    }
  }

  private void conclude() {
    if (lost == 0) {
      finish(State.YES, Optional.empty());
    } else if (silent.contains(other)) {
      finish(State.NO, Optional.of("its other address does not answer"));
    } else if (right > 0 && silent.isEmpty()) {
      finish(
          State.UNKNOWN,
          Optional.of(right + " of 3 answers came from where they were asked from, the rest not"));
    } else {
      finish(
          State.UNKNOWN,
          Optional.of("answers from its other address do not arrive; something may filter them"));
    }
  }

  private void finish(State state, Optional<String> note) {
    if (!done) {
      done = true;
      probe.close(socket);
      whenDone.accept(new Rfc5780Support(state, Optional.of(other), note));
    }
  }

  @Override
  public void ended(CloseCause cause, String detail, MonotonicTime now) {
    finish(State.UNKNOWN, Optional.of(detail));
  }

  @Override
  public void timeUp(MonotonicTime now) {
    finish(State.UNKNOWN, Optional.of("time was up before it was found out"));
  }
}
