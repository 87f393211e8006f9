package dev.culvert.cli.lab.connect;

import dev.culvert.ice.IceEvent;
import dev.culvert.ice.IcePath;
import dev.culvert.ice.IcePolicy;
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
import dev.culvert.session.meet.PunchNews;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/**
 * A peer without sockets that attaches to nodes, takes every call and connects to whom it is told;
 * over the path it keeps a {@link RepeatedLine} running both ways. A call that fails before there
 * was a path is tried again.
 */
public final class ConnectMachine implements Machine<ConnectEvent> {
  private static final Duration REPORT = Duration.ofMillis(200);
  private static final Duration REST = Duration.ofSeconds(1);

  private final MeetPeer peer;
  private final List<KnownNode> nodes;
  private final Queue<ConnectEvent> events = new ArrayDeque<>();
  private Optional<PeerId> callee = Optional.empty();
  private OptionalLong call = OptionalLong.empty();
  private Optional<MonotonicTime> nextCall = Optional.empty();
  private Optional<MonotonicTime> nextReport = Optional.empty();
  private Optional<Standing> standing = Optional.empty();
  private RepeatedLine line = new RepeatedLine();
  private boolean begun;
  private boolean closed;

  /**
   * A peer that has not begun.
   *
   * @param local where it is
   * @param nodes that it knows
   * @param policy which paths it takes
   */
  public ConnectMachine(
      LocalAddress local,
      PeerKey key,
      List<KnownNode> nodes,
      IcePolicy policy,
      RandomGenerator random,
      InstantSource clock) {
    MeetConfig config =
        MeetConfig.of(SessionConfig.of(List.of(local)), AcceptPolicy.open()).withPolicy(policy);
    this.peer = new MeetPeer(config, key, random, clock);
    this.nodes = List.copyOf(nodes);
  }

  /** Connects to a peer, once. */
  public void call(PeerId whom, MonotonicTime now) {
    callee = Optional.of(whom);
    nextCall = Optional.of(now);
    standing = Optional.of(new Standing(now));
    advance(now);
  }

  /** Its host has another address than before. */
  public void use(LocalAddress other, MonotonicTime now) {
    peer.use(List.of(other), now);
    pump(now);
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
    if (callee.isPresent() && call.isEmpty() && isDue(nextCall, now)) {
      nextCall = Optional.empty();
      call = OptionalLong.of(peer.call(callee.get(), Optional.empty(), now));
    }
    if (isConnected()) {
      line.due(now).forEach(datagram -> peer.send(call.getAsLong(), datagram, now));
    }
    pump(now);
    if (nextReport.isEmpty() || isDue(nextReport, now)) {
      report(now);
    }
  }

  private boolean isConnected() {
    return call.isPresent() && standing.filter(Standing::isConnected).isPresent();
  }

  private static boolean isDue(Optional<MonotonicTime> at, MonotonicTime now) {
    return at.filter(time -> !now.isBefore(time)).isPresent();
  }

  @Override
  public Optional<MonotonicTime> nextDeadline() {
    Stream<Optional<MonotonicTime>> own =
        closed
            ? Stream.of()
            : Stream.of(
                nextCall, nextReport, isConnected() ? line.nextDeadline() : Optional.empty());
    return Stream.concat(own, Stream.of(peer.nextDeadline()))
        .flatMap(Optional::stream)
        .min(MonotonicTime::compareTo);
  }

  @Override
  public Optional<Output> pollOutput() {
    return peer.pollOutput();
  }

  @Override
  public Optional<ConnectEvent> pollEvent() {
    return Optional.ofNullable(events.poll());
  }

  private void pump(MonotonicTime now) {
    for (Optional<MeetEvent> next = peer.pollEvent(); next.isPresent(); next = peer.pollEvent()) {
      MeetEvent event = next.get();
      if (event instanceof MeetEvent.Closed) {
        events.add(new ConnectEvent.Closed());
      } else if (!closed) {
        take(event, now);
      }
    }
  }

  private void take(MeetEvent event, MonotonicTime now) {
    if (event instanceof MeetEvent.Calling calling
        && calling.event() instanceof CallEvent.Asked asked) {
      peer.accept(asked.call(), now);
    } else if (event instanceof MeetEvent.Opened opened && callee.isEmpty()) {
      call = OptionalLong.of(opened.call());
      standing = Optional.of(new Standing(now));
      line = new RepeatedLine();
    } else if (event instanceof MeetEvent.Connected stands && isOwn(stands.call())) {
      standing.ifPresent(Standing::connected);
      goes(stands.path(), now);
      line.begin(now);
      report(now);
    } else if (event instanceof MeetEvent.Calling calling
        && calling.event() instanceof CallEvent.Ended ended
        && isOwn(ended.call())) {
      over(ended, now);
    } else if (event instanceof MeetEvent.Punch punch && isOwn(punch.call())) {
      punched(punch.news());
    } else if (event instanceof MeetEvent.Session session
        && session.event() instanceof SessionEvent.Ice ice) {
      path(ice.event(), now);
    }
  }

  private boolean isOwn(long its) {
    return call.isPresent() && call.getAsLong() == its;
  }

  private void over(CallEvent.Ended ended, MonotonicTime now) {
    boolean before = isConnected();
    standing.ifPresent(its -> its.over(String.valueOf(ended.reason())));
    call = OptionalLong.empty();
    if (!before && callee.isPresent()) {
      nextCall = Optional.of(now.plus(REST));
    }
    report(now);
  }

  private void goes(IcePath path, MonotonicTime now) {
    Optional<String> plan = peer.plan(call.orElseThrow()).map(String::valueOf);
    standing.ifPresent(its -> its.goes(path.isRelayed(), plan, now));
  }

  private void punched(PunchNews news) {
    if (news instanceof PunchNews.Stays) {
      standing.ifPresent(its -> its.hopeless(news.words()));
    } else if (news instanceof PunchNews.Failed) {
      standing.ifPresent(its -> its.staysRelayed(news.words()));
    }
  }

  private void path(IceEvent event, MonotonicTime now) {
    if (event instanceof IceEvent.Received received) {
      for (byte[] record : line.take(received.data())) {
        standing.ifPresent(its -> its.took(record, record.length, now));
      }
    } else if (event instanceof IceEvent.PathChanged changed && isConnected()) {
      goes(changed.path(), now);
    } else if (event instanceof IceEvent.PathLost) {
      standing.ifPresent(Standing::pathLost);
    }
  }

  private void report(MonotonicTime now) {
    nextReport = Optional.of(now.plus(REPORT));
    Map<String, String> fields = standing.map(its -> its.fields(now)).orElse(Map.of());
    events.add(new ConnectEvent.Stands(peer.attachments().attached().size(), fields));
  }
}
