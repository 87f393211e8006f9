package dev.culvert.stun;

import dev.culvert.sansio.CloseCause;
import dev.culvert.sansio.Flow;
import dev.culvert.sansio.MonotonicTime;
import dev.culvert.sansio.Output;
import dev.culvert.sansio.Transport;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The requests that an engine has under way (RFC 8489 §6.2): sends them, sends them again, matches
 * responses, gives up. A part of an engine, confined to its thread.
 */
public final class ClientTransactions {
  private final RandomGenerator random;
  private final int limit;
  private final Map<TransactionId, Pending> pending = new HashMap<>();
  private final PriorityQueue<Timer> timers =
      new PriorityQueue<>(Comparator.comparing(Timer::at).thenComparing(Timer::order));
  private final Queue<Output.Send> sends = new ArrayDeque<>();
  private final Queue<TransactionOutcome> outcomes = new ArrayDeque<>();
  private long timersSet;

  /**
   * Nothing under way yet.
   *
   * @param random for transaction ids; a {@link java.security.SecureRandom} for anything that meets
   *     the Internet
   * @param limit how many may be under way at once, at least one
   */
  public ClientTransactions(RandomGenerator random, int limit) {
    if (limit < 1) {
      throw new IllegalArgumentException("a limit of " + limit + " leaves no room");
    }
    this.random = random;
    this.limit = limit;
  }

  /** An id that no request under way has. */
  public TransactionId newTransactionId() {
    TransactionId id = TransactionId.random(random);
    while (pending.containsKey(id)) {
      id = TransactionId.random(random);
    }
    return id;
  }

  /** Whether {@link #start} would refuse another request. */
  public boolean isFull() {
    return pending.size() >= limit;
  }

  /** How many are under way. */
  public int size() {
    return pending.size();
  }

  /** Whether the request with this id is under way. */
  public boolean isPending(TransactionId id) {
    return pending.containsKey(id);
  }

  /**
   * Sends a request for the first time.
   *
   * @throws IllegalStateException if the limit is reached or its id is under way already
   */
  public void start(ClientRequest request, MonotonicTime now) {
    if (isFull()) {
      throw new IllegalStateException(limit + " transactions are under way, which is the limit");
    }
    Pending fresh = new Pending(request, now);
    if (pending.putIfAbsent(request.id(), fresh) != null) {
      throw new IllegalStateException("transaction " + request.id() + " is under way already");
    }
    send(fresh, now);
  }

  /**
   * Takes a response.
   *
   * @return whether it answers a request under way, even if its check dropped it
   */
  public boolean receive(Flow from, StunPacket packet, MonotonicTime now) {
    StunMessage response = packet.message();
    Pending asked = pending.get(response.transactionId());
    if (asked == null
        || !response.messageClass().isResponse()
        || !response.method().equals(asked.request.message().method())
        || !couldCarry(asked.request.flow(), from)) {
      return false;
    }
    switch (asked.request.check().judge(packet, from)) {
      case ACCEPT -> end(asked, outcome(asked, packet, from, now));
      case UNPROVEN -> {
        asked.unproven = true;
        if (asked.request.flow().transport().isStream()) {
          end(asked, new TransactionOutcome.Unproven(asked.request, asked.sends));
        }
      }
      case DISCARD -> {}
    }
    return true;
  }

  /** Over UDP the caller judges the source; a connection's answers come over the connection. */
  private static boolean couldCarry(Flow asked, Flow from) {
    return asked.transport() == Transport.UDP
        ? from.transport() == Transport.UDP
        : from.id() == asked.id();
  }

  private static TransactionOutcome outcome(
      Pending asked, StunPacket packet, Flow from, MonotonicTime now) {
    StunMessage response = packet.message();
    boolean errorWithoutCode =
        response.messageClass() == MessageClass.ERROR_RESPONSE && response.error().isEmpty();
    return errorWithoutCode || !response.unknownRequired().isEmpty()
        ? new TransactionOutcome.Unusable(asked.request, packet, from, asked.sends)
        : new TransactionOutcome.Responded(
            asked.request, packet, from, now.since(asked.startedAt), asked.sends);
  }

  /**
   * The network said that datagrams do not arrive. A hard error (refused, prohibited) ends the
   * requests concerned; a soft one may pass, and is told with a timeout (RFC 8489 §6.2.1, RFC 1122
   * §4.2.3.9).
   */
  public void unreachable(Flow flow, CloseCause cause) {
    boolean hard = cause == CloseCause.REFUSED || cause == CloseCause.PROHIBITED;
    for (Pending asked : matching(f -> f.id() == flow.id() && f.remote().equals(flow.remote()))) {
      asked.hint = Optional.of(cause);
      if (hard) {
        end(asked, new TransactionOutcome.Refused(asked.request, cause, asked.sends));
      }
    }
  }

  /** A socket or connection ended, and all requests on it with it. */
  public void closed(long flowId, CloseCause cause) {
    for (Pending asked : matching(f -> f.id() == flowId)) {
      end(asked, new TransactionOutcome.Refused(asked.request, cause, asked.sends));
    }
  }

  private List<Pending> matching(Predicate<Flow> condition) {
    return pending.values().stream()
        .filter(asked -> condition.test(asked.request.flow()))
        .sorted(Comparator.comparing((Pending asked) -> asked.startedAt))
        .toList();
  }

  /** Forgets a request without an outcome; nothing happens if it is not under way. */
  public void cancel(TransactionId id) {
    pending.remove(id);
  }

  /**
   * Sends a request no more, but still takes its response until it would have been given up (RFC
   * 8445 §7.3.1.4); nothing happens if it is not under way.
   */
  public void stopRetransmitting(TransactionId id) {
    Pending asked = pending.get(id);
    if (asked != null) {
      asked.quiet = true;
    }
  }

  /** Time passed. */
  public void advance(MonotonicTime now) {
    while (true) {
      Timer next = nextTimer();
      if (next == null || now.isBefore(next.at)) {
        return;
      }
      timers.remove();
      Pending asked = next.asked;
      if (asked.step < asked.request.policy().waits().size()) {
        send(asked, now);
      } else if (asked.unproven) {
        end(asked, new TransactionOutcome.Unproven(asked.request, asked.sends));
      } else {
        end(asked, new TransactionOutcome.TimedOut(asked.request, asked.hint, asked.sends));
      }
    }
  }

  /** When {@link #advance} wants to be called next; empty if nothing is under way. */
  public Optional<MonotonicTime> nextDeadline() {
    return Optional.ofNullable(nextTimer()).map(Timer::at);
  }

  /** The next thing to be sent. */
  public Optional<Output.Send> pollSend() {
    return Optional.ofNullable(sends.poll());
  }

  /** The next transaction that ended. */
  public Optional<TransactionOutcome> pollOutcome() {
    return Optional.ofNullable(outcomes.poll());
  }

  private void send(Pending asked, MonotonicTime now) {
    ClientRequest request = asked.request;
    if (!asked.quiet) {
      sends.add(
          new Output.Send(request.flow(), request.wire(), request.ttl(), request.dontFragment()));
      asked.sends++;
    }
    if (timers.size() > 2 * pending.size() + 16) {
      timers.removeIf(this::isOver);
    }
    timers.add(new Timer(now.plus(request.policy().waits().get(asked.step)), timersSet++, asked));
    asked.step++;
  }

  private void end(Pending asked, TransactionOutcome outcome) {
    pending.remove(asked.request.id());
    outcomes.add(outcome);
  }

  /** The first timer of a request that is still under way; those of others are thrown away. */
  private @Nullable Timer nextTimer() {
    Timer next = timers.peek();
    while (next != null && isOver(next)) {
      timers.remove();
      next = timers.peek();
    }
    return next;
  }

  int timersKept() {
    return timers.size();
  }

  private boolean isOver(Timer timer) {
    return pending.get(timer.asked.request.id()) != timer.asked;
  }

  private record Timer(MonotonicTime at, long order, Pending asked) {}

  private static final class Pending {
    final ClientRequest request;
    final MonotonicTime startedAt;
    int step;
    int sends;
    boolean quiet;
    boolean unproven;
    Optional<CloseCause> hint = Optional.empty();

    Pending(ClientRequest request, MonotonicTime startedAt) {
      this.request = request;
      this.startedAt = startedAt;
    }
  }
}
