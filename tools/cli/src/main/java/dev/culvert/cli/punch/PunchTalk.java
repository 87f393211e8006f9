package dev.culvert.cli.punch;

import dev.culvert.cli.ice.Echo;
import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.Flow;
import dev.culvert.sansio.Input;
import dev.culvert.sansio.Machine;
import dev.culvert.sansio.MonotonicTime;
import dev.culvert.sansio.Output;
import dev.culvert.session.meet.BareConfig;
import dev.culvert.session.meet.BareEvent;
import dev.culvert.session.meet.BareNote;
import dev.culvert.session.meet.BarePeer;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/** Punches a path, and sends datagrams over it that the other side sends back. */
final class PunchTalk implements Machine<PunchMoment> {
  private final BarePeer peer;
  private final Echo echo;
  private final Queue<PunchMoment> events = new ArrayDeque<>();
  private Optional<BareEvent.Opened> opened = Optional.empty();
  private boolean ended;

  PunchTalk(BareConfig config, int count, RandomGenerator random, InstantSource clock) {
    this.peer = new BarePeer(config, random, clock);
    this.echo = new Echo(count, Optional.empty(), random);
  }

  void take(BareNote note, MonotonicTime now) {
    peer.take(note, now);
    pump(now);
  }

  void close(MonotonicTime now) {
    peer.close(now);
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
    peer.advance(now);
    pump(now);
  }

  private void pump(MonotonicTime now) {
    for (Optional<BareEvent> next = peer.pollEvent(); next.isPresent(); next = peer.pollEvent()) {
      take(next.get(), now);
    }
    if (!ended) {
      echo.advance(data -> peer.send(data, now), now);
      if (echo.isOver()) {
        end(Optional.empty());
      }
    }
  }

  private void take(BareEvent event, MonotonicTime now) {
    if (event instanceof BareEvent.Received received) {
      echo.take(received.data(), data -> peer.send(data, now), now);
      return;
    }
    events.add(new PunchMoment.Told(event));
    if (event instanceof BareEvent.Opened path) {
      opened = Optional.of(path);
      echo.begin(now);
    } else if (event instanceof BareEvent.Failed failed) {
      end(Optional.of(failed));
    }
  }

  private void end(Optional<BareEvent.Failed> failed) {
    if (!ended) {
      ended = true;
      events.add(new PunchMoment.Ended(new PunchResult(opened, failed, echo.figures())));
    }
  }

  @Override
  public Optional<MonotonicTime> nextDeadline() {
    Optional<MonotonicTime> its = ended ? Optional.empty() : echo.nextDeadline();
    return Stream.of(peer.nextDeadline(), its)
        .flatMap(Optional::stream)
        .min(MonotonicTime::compareTo);
  }

  @Override
  public Optional<Output> pollOutput() {
    return peer.pollOutput();
  }

  @Override
  public Optional<PunchMoment> pollEvent() {
    return Optional.ofNullable(events.poll());
  }
}
