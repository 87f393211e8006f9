package dev.culvert.turn.client;

import dev.culvert.sansio.CloseCause;
import dev.culvert.sansio.Flow;
import dev.culvert.sansio.MonotonicTime;
import dev.culvert.sansio.Output;
import dev.culvert.stun.ClientRequest;
import dev.culvert.stun.ClientTransactions;
import dev.culvert.stun.LongTermClient;
import dev.culvert.stun.MessageClass;
import dev.culvert.stun.Method;
import dev.culvert.stun.RetransmissionPolicy;
import dev.culvert.stun.StunMessage;
import dev.culvert.stun.StunPacket;
import dev.culvert.stun.TransactionId;
import dev.culvert.stun.TransactionOutcome;
import dev.culvert.stun.attribute.Attribute;
import dev.culvert.stun.attribute.ErrorCode;
import dev.culvert.stun.attribute.Nonce;
import dev.culvert.stun.attribute.Realm;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.random.RandomGenerator;

/** The requests to one server over one flow, with credentials where it asks for them. */
final class Requests {
  private static final int MOST_AT_ONCE = 32;
  private static final int MOST_CHALLENGES = 6;

  /** A request that was sent twice is answered twice, and the second answer comes when it comes. */
  private static final int MOST_SETTLED = 64;

  /** A sign of life comes soon or is not worth waiting for: after 3.5 s, or after 10. */
  private static final RetransmissionPolicy HASTY_DATAGRAM =
      RetransmissionPolicy.exponential(Duration.ofMillis(500), 3, 4);

  private static final RetransmissionPolicy HASTY_STREAM =
      RetransmissionPolicy.once(Duration.ofSeconds(10));

  private final Flow flow;
  private final LongTermClient credentials;
  private final ClientTransactions transactions;
  private final Map<TransactionId, Asked> asked = new HashMap<>();
  private final Queue<Asked> waiting = new ArrayDeque<>();
  private final Set<TransactionId> settled = new LinkedHashSet<>();

  private record Asked(Method method, List<Attribute> says, Reply.Taker taker, int challenges) {
    /** Whether it goes without credentials, whoever asks for them. */
    boolean isBare() {
      return method.equals(Method.BINDING);
    }

    Asked again() {
      return new Asked(method, says, taker, challenges + 1);
    }
  }

  Requests(Flow flow, LongTermClient credentials, RandomGenerator random) {
    this.flow = flow;
    this.credentials = credentials;
    this.transactions = new ClientTransactions(random, MOST_AT_ONCE);
  }

  /** Asks, as soon as not too much else is under way. */
  void ask(Method method, List<Attribute> says, Reply.Taker taker, MonotonicTime now) {
    waiting.add(new Asked(method, says, taker, 0));
    startWaiting(now);
  }

  /** Asks for a sign of life and the client's address (RFC 8489 §2), without credentials. */
  void probe(Reply.Taker taker, MonotonicTime now) {
    ask(Method.BINDING, List.of(), taker, now);
  }

  /** Whether an answer with this id is waited for, or was until lately. */
  boolean isOwn(TransactionId id) {
    return transactions.isPending(id) || settled.contains(id);
  }

  /** An id for an indication. */
  TransactionId newTransactionId() {
    return transactions.newTransactionId();
  }

  void receive(Flow from, StunPacket packet, MonotonicTime now) {
    transactions.receive(from, packet, now);
    settle(now);
  }

  void unreachable(CloseCause cause, MonotonicTime now) {
    transactions.unreachable(flow, cause);
    settle(now);
  }

  void advance(MonotonicTime now) {
    transactions.advance(now);
    settle(now);
  }

  Optional<MonotonicTime> nextDeadline() {
    return transactions.nextDeadline();
  }

  Optional<Output.Send> pollSend() {
    return transactions.pollSend();
  }

  private void startWaiting(MonotonicTime now) {
    while (!waiting.isEmpty() && !transactions.isFull()) {
      start(waiting.remove(), now);
    }
  }

  private void start(Asked question, MonotonicTime now) {
    TransactionId id = transactions.newTransactionId();
    StunMessage message =
        new StunMessage(MessageClass.REQUEST, question.method(), id, question.says());
    asked.put(id, question);
    boolean stream = flow.transport().isStream();
    transactions.start(
        question.isBare()
            ? ClientRequest.of(flow, message).withPolicy(stream ? HASTY_STREAM : HASTY_DATAGRAM)
            : credentials.request(flow, message),
        now);
  }

  private void settle(MonotonicTime now) {
    for (Optional<TransactionOutcome> next = transactions.pollOutcome();
        next.isPresent();
        next = transactions.pollOutcome()) {
      TransactionId id = next.get().request().id();
      if (settled.size() == MOST_SETTLED) {
        settled.remove(settled.iterator().next());
      }
      settled.add(id);
      Asked question = asked.remove(id);
      if (question != null) {
        settle(question, next.get(), now);
      }
    }
    startWaiting(now);
  }

  private void settle(Asked question, TransactionOutcome outcome, MonotonicTime now) {
    if (outcome instanceof TransactionOutcome.Responded responded) {
      react(question, responded.request(), responded.response().message(), now);
    } else {
      question.taker().take(new Reply.Unanswered(words(outcome)), now);
    }
  }

  private void react(
      Asked question, ClientRequest request, StunMessage response, MonotonicTime now) {
    int code = response.error().map(ErrorCode::code).orElse(0);
    boolean challenged = code == ErrorCode.UNAUTHENTICATED || code == ErrorCode.STALE_NONCE;
    if (question.isBare()) {
      question.taker().take(reply(request, response), now);
    } else if (challenged && question.challenges() >= MOST_CHALLENGES) {
      giveUp(question, code, "the server challenged every answer", response, now);
    } else if (challenged && isOutdated(request)) {
      // Of several requests under way, the first to be told of a stale nonce has renewed it.
      start(question.again(), now);
    } else {
      LongTermClient.Reaction reaction = credentials.react(request, response);
      if (reaction instanceof LongTermClient.Retry) {
        start(question.again(), now);
      } else if (reaction instanceof LongTermClient.GiveUp giveUp) {
        giveUp(question, code, giveUp.reason(), response, now);
      } else {
        question.taker().take(reply(request, response), now);
      }
    }
  }

  private boolean isOutdated(ClientRequest request) {
    Optional<String> used = nonce(request.message());
    StunMessage probe = StunMessage.request(Method.REFRESH, request.id());
    return used.isPresent() && !used.equals(nonce(credentials.request(flow, probe).message()));
  }

  private static Optional<String> nonce(StunMessage message) {
    return message.first(Nonce.class).map(Nonce::nonce);
  }

  private static void giveUp(
      Asked question, int code, String reason, StunMessage response, MonotonicTime now) {
    question.taker().take(new Reply.Refused(code, reason, response, false), now);
  }

  private static Reply reply(ClientRequest request, StunMessage response) {
    Optional<ErrorCode> error = response.error();
    if (error.isEmpty()) {
      return new Reply.Granted(response);
    }
    String reason = "the server says " + error.get().code() + " " + error.get().reason();
    return new Reply.Refused(
        error.get().code(), reason.strip(), response, request.message().has(Realm.class));
  }

  private static String words(TransactionOutcome outcome) {
    if (outcome instanceof TransactionOutcome.TimedOut timedOut) {
      String hint = timedOut.hint().map(cause -> " (the network said " + cause + ")").orElse("");
      return "the server did not answer" + hint;
    }
    if (outcome instanceof TransactionOutcome.Refused refused) {
      return "nothing reaches the server (" + refused.cause() + ")";
    }
    return outcome instanceof TransactionOutcome.Unproven
        ? "the server's answer is not proven: another password, or somebody on the way"
        : "the server's answer makes no sense";
  }
}
