package dev.culvert.detect;

import dev.culvert.detect.Shot.Reply;
import dev.culvert.sansio.MonotonicTime;
import dev.culvert.sansio.Output;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.stun.attribute.Attribute;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The same request over and over, from one socket to one address. */
final class Volley {
  private final Postbox postbox;
  private final LocalSocket socket;
  private final TransportAddress to;
  private final Pace pace;
  private final int ttl;
  private final Attribute[] with;
  private final List<Shot> shots = new ArrayList<>();
  private boolean ceased;
  private boolean held;

  Volley(Postbox postbox, LocalSocket socket, TransportAddress to, Pace pace, Attribute... with) {
    this(postbox, socket, to, pace, Output.SYSTEM_TTL, with);
  }

  Volley(
      Postbox postbox,
      LocalSocket socket,
      TransportAddress to,
      Pace pace,
      int ttl,
      Attribute... with) {
    this.postbox = postbox;
    this.socket = socket;
    this.to = to;
    this.pace = pace;
    this.ttl = ttl;
    this.with = with.clone();
  }

  LocalSocket socket() {
    return socket;
  }

  TransportAddress to() {
    return to;
  }

  List<Shot> shots() {
    return shots;
  }

  /** Whether every try must be answered by a server that is alive. */
  boolean isPlain() {
    return with.length == 0 && ttl == Output.SYSTEM_TTL;
  }

  /** Sends no more. */
  void cease() {
    ceased = true;
  }

  /** Sends no more as long as that holds: what silence has told may yet be called into question. */
  void hold(boolean isHeld) {
    held = isHeld;
  }

  /** Whether another try will be made by itself. */
  boolean goesOn() {
    return !ceased && shots.size() < pace.most() && socket.closed().isEmpty();
  }

  /** Sends for the first time, or again if it is time to and allowed. */
  void advance(MonotonicTime now, boolean mayRepeat) {
    boolean due = shots.isEmpty() || (mayRepeat && next().filter(now::isBefore).isEmpty());
    if (due && !held && goesOn() && socket.isOpen()) {
      postbox.shoot(socket, to, ttl, now, with).ifPresent(shots::add);
    }
  }

  /** When the next try is due; empty if none is, or the first waits for its socket. */
  Optional<MonotonicTime> next() {
    if (held || !goesOn() || shots.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(shots.get(shots.size() - 1).sentAt().plus(pace.after(shots.size())));
  }

  /** Whatever came back, from wherever. */
  List<Reply> replies() {
    List<Reply> replies = new ArrayList<>(shots.size());
    for (Shot shot : shots) {
      if (shot.reply().isPresent()) {
        replies.add(shot.reply().get());
      }
    }
    return replies;
  }

  /** How many tries were answered. */
  int answered() {
    int answered = 0;
    for (Shot shot : shots) {
      if (shot.reply().isPresent()) {
        answered++;
      }
    }
    return answered;
  }

  /** Whether anything came back, from wherever. */
  boolean isAnswered() {
    return answered() > 0;
  }

  /** The first success that came from {@code source}. */
  Optional<Reply> successFrom(TransportAddress source) {
    for (Shot shot : shots) {
      Optional<Reply> reply = shot.reply();
      if (reply.isPresent() && reply.get().isSuccess() && reply.get().from().equals(source)) {
        return reply;
      }
    }
    return Optional.empty();
  }

  /** The first success that came from where it was asked. */
  Optional<Reply> success() {
    return successFrom(to);
  }

  /** How many tries count as unanswered. */
  int lost(MonotonicTime now, Duration patience) {
    int lost = 0;
    for (Shot shot : shots) {
      if (shot.isLost(now, patience)) {
        lost++;
      }
    }
    return lost;
  }

  /** When the first try that is still open will count as unanswered, after {@code now}. */
  Optional<MonotonicTime> nextLoss(MonotonicTime now, Duration patience) {
    for (Shot shot : shots) {
      MonotonicTime when = shot.sentAt().plus(patience);
      if (shot.reply().isEmpty() && now.isBefore(when)) {
        return Optional.of(when);
      }
    }
    return Optional.empty();
  }
}
