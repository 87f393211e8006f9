package dev.culvert.session;

import dev.culvert.ice.Base;
import dev.culvert.sansio.CloseCause;
import dev.culvert.sansio.Flow;
import dev.culvert.sansio.MonotonicTime;
import dev.culvert.sansio.Output;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.stun.ClientRequest;
import dev.culvert.stun.ClientTransactions;
import dev.culvert.stun.MessageClass;
import dev.culvert.stun.RetransmissionPolicy;
import dev.culvert.stun.StunPacket;
import dev.culvert.stun.TransactionId;
import dev.culvert.stun.TransactionOutcome;
import dev.culvert.stun.attribute.XorMappedAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.random.RandomGenerator;

/** Asks STUN servers what this peer's sockets look like from outside (RFC 8445 §5.1.1.2). */
final class Reflexives {
  private static final int MOST_AT_ONCE = 64;

  /** Ta of RFC 8445 §14.2, at its least: these are few, and each to another place. */
  private static final Duration PACING = Duration.ofMillis(5);

  /** Five seconds in all; nobody waits for candidates as long as RFC 8489 does for a response. */
  private static final RetransmissionPolicy POLICY =
      RetransmissionPolicy.exponential(Duration.ofMillis(500), 3, 7);

  private final ClientTransactions stun;
  private final Queue<Question> waiting = new ArrayDeque<>();
  private final Map<TransactionId, Asked> asked = new HashMap<>();
  private MonotonicTime nextSlot = new MonotonicTime(0);

  /** Whom to ask, and from where. */
  record Question(Base base, NamedServer server) {}

  private record Asked(Question question, MonotonicTime at) {}

  /** Is told what came of it. */
  interface Listener {
    void seen(Question question, TransportAddress mapped, Duration took);

    void silent(Question question, String reason, Duration took);
  }

  Reflexives(RandomGenerator random) {
    this.stun = new ClientTransactions(random, MOST_AT_ONCE);
  }

  void ask(Base base, NamedServer server) {
    if (base.address().isIpv4() == server.address().isIpv4()) {
      waiting.add(new Question(base, server));
    }
  }

  boolean isIdle() {
    return waiting.isEmpty() && asked.isEmpty();
  }

  /** Whether it is the answer to a question. */
  boolean take(Flow from, StunPacket packet, MonotonicTime now) {
    return stun.receive(from, packet, now);
  }

  void unreachable(Flow flow, CloseCause cause) {
    stun.unreachable(flow, cause);
  }

  /** A socket is gone, and what was asked from it. */
  void closed(long id) {
    waiting.removeIf(question -> question.base().id() == id);
    stun.closed(id, CloseCause.FINISHED);
  }

  /** Asks whoever's turn it is, and tells what has come. */
  void advance(Desk desk, Listener listener, MonotonicTime now) {
    while (!waiting.isEmpty() && !stun.isFull() && !now.isBefore(nextSlot)) {
      Question question = waiting.remove();
      Flow flow = question.base().to(question.server().address());
      TransactionId id = stun.newTransactionId();
      asked.put(id, new Asked(question, now));
      stun.start(ClientRequest.binding(flow, id).withPolicy(POLICY), now);
      nextSlot = now.plus(PACING);
    }
    stun.advance(now);
    for (Optional<Output.Send> send = stun.pollSend(); send.isPresent(); send = stun.pollSend()) {
      desk.put(send.get());
    }
    for (Optional<TransactionOutcome> outcome = stun.pollOutcome();
        outcome.isPresent();
        outcome = stun.pollOutcome()) {
      conclude(outcome.get(), listener, now);
    }
  }

  private void conclude(TransactionOutcome outcome, Listener listener, MonotonicTime now) {
    Asked question = asked.remove(outcome.request().id());
    if (question == null) {
      return;
    }
    Duration took = now.since(question.at());
    Optional<TransportAddress> mapped = mapped(outcome);
    if (mapped.isPresent()) {
      listener.seen(question.question(), mapped.get(), took);
    } else {
      listener.silent(question.question(), reason(outcome), took);
    }
  }

  private static Optional<TransportAddress> mapped(TransactionOutcome outcome) {
    return outcome instanceof TransactionOutcome.Responded responded
            && responded.isFromWhereAsked()
            && responded.response().message().messageClass() == MessageClass.SUCCESS_RESPONSE
        ? responded
            .response()
            .message()
            .first(XorMappedAddress.class)
            .map(XorMappedAddress::address)
            .filter(address -> address.isIpv4() == outcome.request().flow().local().isIpv4())
        : Optional.empty();
  }

  private static String reason(TransactionOutcome outcome) {
    if (outcome instanceof TransactionOutcome.TimedOut) {
      return "no answer";
    }
    return outcome instanceof TransactionOutcome.Refused refused
        ? "the network says " + refused.cause()
        : "an answer without a mapped address";
  }

  Optional<MonotonicTime> nextDeadline() {
    Optional<MonotonicTime> pending = stun.nextDeadline();
    if (waiting.isEmpty() || stun.isFull()) {
      return pending;
    }
    return pending.filter(at -> at.isBefore(nextSlot)).or(() -> Optional.of(nextSlot));
  }
}
