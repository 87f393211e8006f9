package dev.culvert.session.meet;

import dev.culvert.identity.PeerId;
import dev.culvert.rendezvous.KnownNode;
import dev.culvert.rendezvous.LocalNodes;
import dev.culvert.sansio.Input;
import dev.culvert.sansio.MonotonicTime;
import dev.culvert.sansio.Output;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;

/** Nodes on the links of this host, found and shown by multicast DNS (RFC 6763). */
final class Neighbourhood {
  /** Often enough for somebody who waits, and next to nothing for the link. */
  private static final Duration AGAIN = Duration.ofSeconds(30);

  private final long firstId;
  private final Queue<Output> outputs = new ArrayDeque<>();
  private final List<Long> shown = new ArrayList<>();
  private Optional<Long> question = Optional.empty();
  private Optional<MonotonicTime> again = Optional.empty();
  private long nextId;

  Neighbourhood(long firstId) {
    this.firstId = firstId;
    this.nextId = firstId;
  }

  boolean owns(long id) {
    return id >= firstId;
  }

  /** Asks, unless it does already. */
  void look() {
    again = Optional.empty();
    if (question.isEmpty()) {
      long id = nextId++;
      question = Optional.of(id);
      outputs.add(new Output.Ask(id, LocalNodes.question()));
    }
  }

  void show(PeerId own, int port, List<InetAddress> on) {
    shown.forEach(id -> outputs.add(new Output.Close(id)));
    shown.clear();
    for (InetAddress ip : on) {
      long id = nextId++;
      shown.add(id);
      outputs.add(new Output.Announce(id, LocalNodes.announcement(own, port, "/"), ip));
    }
  }

  /** Takes an input of its own, and gives the nodes that were found. */
  List<KnownNode> accept(Input input, MonotonicTime now) {
    if (input instanceof Input.Answered answered && question.equals(Optional.of(answered.id()))) {
      question = Optional.empty();
      again = Optional.of(now.plus(AGAIN));
      return LocalNodes.of(answered.answer());
    }
    return List.of();
  }

  /** Asks again after a while, if that is still wanted. */
  void advance(boolean wanted, MonotonicTime now) {
    if (again.filter(at -> !now.isBefore(at)).isPresent()) {
      again = Optional.empty();
      if (wanted) {
        look();
      }
    }
  }

  Optional<MonotonicTime> nextDeadline() {
    return again;
  }

  Optional<Output> pollOutput() {
    return Optional.ofNullable(outputs.poll());
  }
}
