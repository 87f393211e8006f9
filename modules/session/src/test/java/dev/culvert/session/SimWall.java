package dev.culvert.session;

import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.Flow;
import dev.culvert.sansio.Input;
import dev.culvert.sansio.Machine;
import dev.culvert.sansio.MonotonicTime;
import dev.culvert.sansio.Output;
import dev.culvert.sansio.TransportAddress;
import java.net.InetAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.function.Predicate;

/** A session behind a wall that swallows datagrams from and to some, so that one path is cut. */
final class SimWall implements Machine<SessionEvent> {
  private final PeerSession session;
  private Predicate<InetAddress> isCutOff = ip -> false;

  private Predicate<Output.Send> isSwallowed = send -> false;
  private final Queue<Output> own = new ArrayDeque<>();
  private final Set<Long> ownIds = new HashSet<>();
  private final List<Long> closed = new ArrayList<>();
  private Optional<TransportAddress> bound = Optional.empty();

  SimWall(PeerSession session) {
    this.session = session;
  }

  void cutOff(Predicate<InetAddress> whom) {
    isCutOff = whom;
  }

  /** Lets none of these leave. */
  void swallow(Predicate<Output.Send> which) {
    isSwallowed = which;
  }

  /** Opens a socket that the session knows nothing of, as who punches holes does. */
  void bind(long id, InetAddress ip) {
    ownIds.add(id);
    own.add(new Output.Bind(id, new TransportAddress(ip, 0)));
  }

  /** Where the socket is that was opened so. */
  Optional<TransportAddress> bound() {
    return bound;
  }

  boolean owns(TransportAddress address) {
    return bound.filter(address::equals).isPresent();
  }

  /** Those of these sockets that the session has closed. */
  List<Long> closed() {
    return closed;
  }

  @Override
  public void receive(Flow from, Bytes payload, MonotonicTime now) {
    if (!isCutOff.test(from.remote().ip())) {
      session.receive(from, payload, now);
    }
  }

  @Override
  public void accept(Input input, MonotonicTime now) {
    if (input instanceof Input.Bound its && ownIds.contains(its.id())) {
      bound = Optional.of(its.local());
    } else {
      session.accept(input, now);
    }
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
    if (!own.isEmpty()) {
      return Optional.of(own.remove());
    }
    for (Optional<Output> next = session.pollOutput();
        next.isPresent();
        next = session.pollOutput()) {
      boolean swallowed =
          next.get() instanceof Output.Send send
              && (isCutOff.test(send.flow().remote().ip()) || isSwallowed.test(send));
      if (next.get() instanceof Output.Close close && ownIds.contains(close.id())) {
        closed.add(close.id());
      }
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
