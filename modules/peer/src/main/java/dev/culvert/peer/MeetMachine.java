package dev.culvert.peer;

import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.Flow;
import dev.culvert.sansio.Input;
import dev.culvert.sansio.Machine;
import dev.culvert.sansio.MonotonicTime;
import dev.culvert.sansio.Output;
import dev.culvert.session.SessionEvent;
import dev.culvert.session.meet.MeetEvent;
import dev.culvert.session.meet.MeetPeer;
import dev.culvert.transport.NetworkRuntime;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A {@link MeetPeer} whose session's events go to a {@link SessionEngine}, and the others aside.
 */
final class MeetMachine implements Machine<SessionEvent> {
  private final MeetPeer meet;
  private final Consumer<MeetEvent> others;

  MeetMachine(MeetPeer meet, Consumer<MeetEvent> others) {
    this.meet = meet;
    this.others = others;
  }

  @Override
  public void receive(Flow from, Bytes payload, MonotonicTime now) {
    meet.receive(from, payload, now);
  }

  @Override
  public void accept(Input input, MonotonicTime now) {
    meet.accept(input, now);
  }

  @Override
  public void advance(MonotonicTime now) {
    meet.advance(now);
  }

  @Override
  public Optional<MonotonicTime> nextDeadline() {
    return meet.nextDeadline();
  }

  @Override
  public Optional<Output> pollOutput() {
    // Somebody may have done something with a link, past the machine.
    meet.touched(NetworkRuntime.now());
    return meet.pollOutput();
  }

  @Override
  public Optional<SessionEvent> pollEvent() {
    for (Optional<MeetEvent> next = meet.pollEvent(); next.isPresent(); next = meet.pollEvent()) {
      if (next.get() instanceof MeetEvent.Session its) {
        return Optional.of(its.event());
      }
      others.accept(next.get());
    }
    return Optional.empty();
  }
}
