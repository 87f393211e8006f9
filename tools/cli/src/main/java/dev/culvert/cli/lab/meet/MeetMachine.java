package dev.culvert.cli.lab.meet;

import dev.culvert.ice.IceEvent;
import dev.culvert.identity.PeerId;
import dev.culvert.identity.PeerKey;
import dev.culvert.rendezvous.KnownNode;
import dev.culvert.rendezvous.call.AcceptPolicy;
import dev.culvert.rendezvous.call.CallEvent;
import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.Flow;
import dev.culvert.sansio.Input;
import dev.culvert.sansio.Machine;
import dev.culvert.sansio.MonotonicTime;
import dev.culvert.sansio.Output;
import dev.culvert.session.LocalAddress;
import dev.culvert.session.SessionConfig;
import dev.culvert.session.SessionEvent;
import dev.culvert.session.meet.MeetConfig;
import dev.culvert.session.meet.MeetEvent;
import dev.culvert.session.meet.MeetPeer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/**
 * A peer that attaches to nodes and takes every call. If it knows whom to call it does so, and
 * again whenever a call is over. While there is a path it sends a datagram every 100 ms.
 */
public final class MeetMachine implements Machine<MeetSideEvent> {
  private static final Duration PACE = Duration.ofMillis(100);
  private static final Duration REPORT = Duration.ofMillis(200);
  private static final Duration RECENTLY = Duration.ofSeconds(1);
  private static final Duration REST = Duration.ofSeconds(1);
  private static final Bytes DATAGRAM = Bytes.utf8("a datagram from a scenario's peer");

  private final MeetPeer peer;
  private final List<KnownNode> nodes;
  private final Optional<PeerId> callee;
  private final Optional<Duration> again;
  private final Queue<MeetSideEvent> events = new ArrayDeque<>();
  private boolean begun;
  private boolean closed;
  private int calls;
  private int failures;
  private String reason = "";
  private String path = "none";
  private OptionalLong call = OptionalLong.empty();
  private boolean connected;
  private Optional<MonotonicTime> mayCall = Optional.empty();
  private Optional<MonotonicTime> hangUp = Optional.empty();
  private Optional<MonotonicTime> nextSend = Optional.empty();
  private Optional<MonotonicTime> nextReport = Optional.empty();
  private Optional<MonotonicTime> heard = Optional.empty();

  /**
   * A peer that has not begun.
   *
   * @param local where it is
   * @param nodes that it knows
   * @param callee whom it calls; empty: nobody
   * @param again how long a call lasts before it is ended for another one; empty: for ever
   */
  public MeetMachine(
      LocalAddress local,
      PeerKey key,
      List<KnownNode> nodes,
      Optional<PeerId> callee,
      Optional<Duration> again,
      RandomGenerator random,
      InstantSource clock) {
    MeetConfig config = MeetConfig.of(SessionConfig.of(List.of(local)), AcceptPolicy.open());
    this.peer = new MeetPeer(config, key, random, clock);
    this.nodes = List.copyOf(nodes);
    this.callee = callee;
    this.again = again;
  }

  /** Takes leave of everybody. */
  public void close(MonotonicTime now) {
    report(now);
    closed = true;
    peer.close(now);
    pump(now);
  }

  @Override
  public void receive(Flow from, Bytes payload, MonotonicTime now) {
    peer.receive(from, payload, now);
    pump(now);
  }

  @Override
  public void accept(Input input, MonotonicTime now) {
    peer.accept(input, now);
    pump(now);
  }

  @Override
  public void advance(MonotonicTime now) {
    if (!begun) {
      begun = true;
      peer.know(nodes, now);
    }
    peer.advance(now);
    pump(now);
    if (closed) {
      return;
    }
    if (isDue(hangUp, now) && call.isPresent()) {
      hangUp = Optional.empty();
      peer.hangUp(call.getAsLong(), now);
    }
    if (callee.isPresent() && call.isEmpty() && isDue(mayCall, now)) {
      call = OptionalLong.of(peer.call(callee.get(), Optional.empty(), now));
    }
    if (connected && call.isPresent() && isDue(nextSend, now)) {
      peer.send(call.getAsLong(), DATAGRAM, now);
      nextSend = Optional.of(now.plus(PACE));
    }
    pump(now);
    if (nextReport.isEmpty() || isDue(nextReport, now)) {
      report(now);
    }
  }

  private static boolean isDue(Optional<MonotonicTime> at, MonotonicTime now) {
    return at.filter(time -> !now.isBefore(time)).isPresent();
  }

  @Override
  public Optional<MonotonicTime> nextDeadline() {
    Optional<MonotonicTime> calling =
        callee.isPresent() && call.isEmpty() && !closed ? mayCall : Optional.empty();
    Stream<Optional<MonotonicTime>> own =
        closed ? Stream.of() : Stream.of(calling, hangUp, nextSend, nextReport);
    return Stream.concat(own, Stream.of(peer.nextDeadline()))
        .flatMap(Optional::stream)
        .min(MonotonicTime::compareTo);
  }

  @Override
  public Optional<Output> pollOutput() {
    return peer.pollOutput();
  }

  @Override
  public Optional<MeetSideEvent> pollEvent() {
    return Optional.ofNullable(events.poll());
  }

  private void pump(MonotonicTime now) {
    for (Optional<MeetEvent> next = peer.pollEvent(); next.isPresent(); next = peer.pollEvent()) {
      MeetEvent event = next.get();
      if (event instanceof MeetEvent.Closed) {
        events.add(new MeetSideEvent.Closed());
      } else if (!closed) {
        take(event, now);
      }
    }
    // Whoever has just come to the first node is found there a moment later.
    if (mayCall.isEmpty() && !peer.attachments().attached().isEmpty()) {
      mayCall = Optional.of(now.plus(REST));
    }
  }

  private void take(MeetEvent event, MonotonicTime now) {
    if (event instanceof MeetEvent.Calling calling
        && calling.event() instanceof CallEvent.Asked asked) {
      peer.accept(asked.call(), now);
    } else if (event instanceof MeetEvent.Opened opened && callee.isEmpty()) {
      call = OptionalLong.of(opened.call());
      connected = false;
    } else if (event instanceof MeetEvent.Connected stands && isOwn(stands.call())) {
      calls++;
      connected = true;
      path = stands.path().isRelayed() ? "relayed" : "direct";
      nextSend = Optional.of(now);
      hangUp = again.filter(time -> callee.isPresent()).map(now::plus);
      report(now);
    } else if (event instanceof MeetEvent.Calling calling
        && calling.event() instanceof CallEvent.Ended ended
        && isOwn(ended.call())) {
      over(ended, now);
    } else if (event instanceof MeetEvent.Session session
        && session.event() instanceof SessionEvent.Ice ice) {
      path(ice.event(), now);
    }
  }

  private boolean isOwn(long its) {
    return call.isPresent() && call.getAsLong() == its;
  }

  private void over(CallEvent.Ended ended, MonotonicTime now) {
    if (!connected) {
      failures++;
      reason = String.valueOf(ended.reason());
    }
    call = OptionalLong.empty();
    connected = false;
    path = "none";
    nextSend = Optional.empty();
    hangUp = Optional.empty();
    mayCall = Optional.of(now.plus(REST));
    report(now);
  }

  private void path(IceEvent event, MonotonicTime now) {
    if (event instanceof IceEvent.Received) {
      heard = Optional.of(now);
    } else if (event instanceof IceEvent.PathChanged changed && connected) {
      path = changed.path().isRelayed() ? "relayed" : "direct";
    }
  }

  private String outcome() {
    if (connected) {
      return "connected";
    } else if (call.isPresent()) {
      return "calling";
    }
    return peer.attachments().attached().isEmpty() ? "alone" : "attached";
  }

  private void report(MonotonicTime now) {
    nextReport = Optional.of(now.plus(REPORT));
    boolean flows =
        connected && heard.filter(at -> now.since(at).compareTo(RECENTLY) <= 0).isPresent();
    Map<String, String> fields = new HashMap<>();
    fields.put("outcome", outcome());
    fields.put("path", path);
    fields.put("flows", String.valueOf(flows));
    fields.put("calls", String.valueOf(calls));
    fields.put("failures", String.valueOf(failures));
    fields.put("attached", String.valueOf(peer.attachments().attached().size()));
    fields.put("knows", String.valueOf(peer.attachments().nodes().size()));
    fields.put("lastFailure", reason);
    events.add(new MeetSideEvent.Standing(fields));
  }
}
