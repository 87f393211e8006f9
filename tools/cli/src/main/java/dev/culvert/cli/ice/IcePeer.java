package dev.culvert.cli.ice;

import dev.culvert.ice.IceConfig;
import dev.culvert.ice.IceEvent;
import dev.culvert.ice.IcePath;
import dev.culvert.ice.IceRole;
import dev.culvert.ice.IceState;
import dev.culvert.ice.PairFate;
import dev.culvert.ice.text.IceDescription;
import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.Flow;
import dev.culvert.sansio.Input;
import dev.culvert.sansio.Machine;
import dev.culvert.sansio.MonotonicTime;
import dev.culvert.sansio.Output;
import dev.culvert.session.PeerLink;
import dev.culvert.session.PeerSession;
import dev.culvert.session.SessionEvent;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/**
 * One of two that meet: describes itself, is told of the other, and when there is a path sends
 * datagrams that the other sends back. Whatever it does is told to a {@link PeerTrace}.
 */
public final class IcePeer implements Machine<PeerEvent> {
  /** For a nomination to come, once there is a path. */
  private static final Duration NOMINATION = Duration.ofSeconds(4);

  private final PeerTask task;
  private final PeerTrace trace;
  private final PeerSession session;
  private final Echo echo;
  private final Queue<PeerEvent> events = new ArrayDeque<>();
  private Optional<PeerLink> link = Optional.empty();
  private Optional<IceDescription> other = Optional.empty();
  private Optional<MonotonicTime> met = Optional.empty();
  private Optional<MonotonicTime> connected = Optional.empty();
  private Optional<IcePath> path = Optional.empty();
  private List<PairFate> fates = List.of();
  private int changes;
  private boolean described;
  private boolean stale;
  private boolean ended;

  /**
   * A peer that has not begun.
   *
   * @param random for credentials and transaction ids; a {@link java.security.SecureRandom} for
   *     anything that meets the Internet
   */
  public IcePeer(PeerTask task, RandomGenerator random, PeerTrace trace) {
    this.task = task;
    this.trace = trace;
    this.session = new PeerSession(task.config(), random);
    this.echo = new Echo(task.count(), task.keep(), random);
    session.watch((its, at, step) -> trace.took(step, at));
  }

  /** Tells it of the other side; whoever offered has an answer, so the other has begun. */
  public void meet(IceDescription description, MonotonicTime now) {
    if (other.isEmpty() && !ended) {
      other = Optional.of(description);
      begin(now);
      met = Optional.of(now);
      trace.described(false, description, now);
      PeerLink its = link.orElseThrow();
      its.remote(description, now);
      if (task.role() == IceRole.CONTROLLING) {
        its.peerBegan(now);
      }
      pump(now);
    }
  }

  /** Ends it, whatever it has come to. */
  public void close(MonotonicTime now) {
    end("", now);
    session.close(now);
    pump(now);
  }

  private void begin(MonotonicTime now) {
    if (link.isEmpty() && !ended) {
      trace.begin(task, now);
      link =
          Optional.of(
              session.open(
                  IceConfig.standard(task.role())
                      .withPolicy(task.policy())
                      .withPatience(task.patience()),
                  now));
    }
  }

  @Override
  public void receive(Flow from, Bytes payload, MonotonicTime now) {
    session.receive(from, payload, now);
    pump(now);
  }

  @Override
  public void accept(Input input, MonotonicTime now) {
    session.accept(input, now);
    pump(now);
  }

  @Override
  public void advance(MonotonicTime now) {
    begin(now);
    session.advance(now);
    pump(now);
  }

  @Override
  public Optional<MonotonicTime> nextDeadline() {
    Optional<MonotonicTime> late =
        connected.filter(at -> !echo.hasBegun() && !ended).map(at -> at.plus(NOMINATION));
    Optional<MonotonicTime> its = ended ? Optional.empty() : echo.nextDeadline();
    return Stream.of(session.nextDeadline(), its, late)
        .flatMap(Optional::stream)
        .min(MonotonicTime::compareTo);
  }

  @Override
  public Optional<Output> pollOutput() {
    return session.pollOutput();
  }

  @Override
  public Optional<PeerEvent> pollEvent() {
    return Optional.ofNullable(events.poll());
  }

  private void pump(MonotonicTime now) {
    drain(now);
    if (!ended && connected.isPresent()) {
      PeerLink its = link.orElseThrow();
      boolean late = !now.isBefore(connected.get().plus(NOMINATION));
      if (!echo.hasBegun() && (its.state() == IceState.COMPLETED || late)) {
        echo.begin(now);
      }
      echo.advance(data -> its.send(data, now), now);
      echo.pollRoundTrip().ifPresent(trip -> events.add(new PeerEvent.Pinged(trip)));
      if (echo.isOver()) {
        end("", now);
      }
      drain(now);
    }
  }

  private void drain(MonotonicTime now) {
    for (Optional<SessionEvent> next = session.pollEvent();
        next.isPresent();
        next = session.pollEvent()) {
      trace.told(next.get(), now);
      take(next.get(), now);
    }
  }

  private void take(SessionEvent event, MonotonicTime now) {
    if (event instanceof SessionEvent.LocalCandidatesEnd && !described) {
      described = true;
      IceDescription own = link.orElseThrow().description();
      trace.described(true, own, now);
      events.add(new PeerEvent.Described(own));
    } else if (event instanceof SessionEvent.RestartAdvised advised
        && described
        && !stale
        && path.isEmpty()) {
      stale = true;
      events.add(new PeerEvent.Stale(advised.reason()));
    } else if (event instanceof SessionEvent.Ice ice) {
      take(ice.event(), now);
    } else if (event instanceof SessionEvent.Closed) {
      events.add(new PeerEvent.Closed());
    } else if (event instanceof SessionEvent.Found
        || event instanceof SessionEvent.NotFound
        || event instanceof SessionEvent.NotBound
        || event instanceof SessionEvent.GatheringDone) {
      events.add(new PeerEvent.Gathering(event));
    }
  }

  private void take(IceEvent event, MonotonicTime now) {
    if (event instanceof IceEvent.PathChanged changed && !ended) {
      boolean other = path.filter(old -> old.flow().equals(changed.path().flow())).isEmpty();
      changes += path.isPresent() && other ? 1 : 0;
      path = Optional.of(changed.path());
      connected = connected.or(() -> Optional.of(now));
      if (other) {
        events.add(new PeerEvent.PathChanged(changed.path(), now.since(met.orElse(now))));
      }
    } else if (event instanceof IceEvent.Received received && !ended) {
      echo.take(received.data(), data -> link.orElseThrow().send(data, now), now);
    } else if (event instanceof IceEvent.Failed failed) {
      fates = failed.fates();
      end(failed.reason().words(), now);
    }
  }

  private void end(String failure, MonotonicTime now) {
    if (ended) {
      return;
    }
    ended = true;
    // The path's round trip is measured again and again: what counts is the last.
    Optional<IcePath> last = link.flatMap(PeerLink::path).or(() -> path);
    PeerResult result =
        new PeerResult(
            last,
            connected.flatMap(at -> met.map(at::since)),
            changes,
            echo.figures(),
            failure,
            fates.isEmpty() ? link.map(PeerLink::fates).orElse(List.of()) : fates);
    trace.ended(result, now);
    events.add(new PeerEvent.Ended(result));
  }
}
