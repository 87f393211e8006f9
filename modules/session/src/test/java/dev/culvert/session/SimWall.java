package dev.culvert.session;

import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.Flow;
import dev.culvert.sansio.Input;
import dev.culvert.sansio.Machine;
import dev.culvert.sansio.MonotonicTime;
import dev.culvert.sansio.Output;
import java.net.InetAddress;
import java.util.Optional;
import java.util.function.Predicate;

/** A session behind a wall that swallows datagrams from and to some, so that one path is cut. */
final class SimWall implements Machine<SessionEvent> {
  private final PeerSession session;
  private Predicate<InetAddress> isCutOff = ip -> false;

  SimWall(PeerSession session) {
    this.session = session;
  }

  void cutOff(Predicate<InetAddress> whom) {
    isCutOff = whom;
  }

  @Override
  public void receive(Flow from, Bytes payload, MonotonicTime now) {
    if (!isCutOff.test(from.remote().ip())) {
      session.receive(from, payload, now);
    }
  }

  @Override
  public void accept(Input input, MonotonicTime now) {
    session.accept(input, now);
  }

  @Override
  public void advance(MonotonicTime now) {
    session.advance(now);
  }

  @Override
  public Optional<MonotonicTime> nextDeadline() {
    return session.nextDeadline();
  }

  @Override
  public Optional<Output> pollOutput() {
    for (Optional<Output> next = session.pollOutput();
        next.isPresent();
        next = session.pollOutput()) {
      boolean swallowed =
          next.get() instanceof Output.Send send && isCutOff.test(send.flow().remote().ip());
      if (!swallowed) {
        return next;
      }
    }
    return Optional.empty();
  }

  @Override
  public Optional<SessionEvent> pollEvent() {
    return session.pollEvent();
  }
}
