package dev.culvert.session.meet;

import dev.culvert.punch.PunchSocket;
import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.Flow;
import dev.culvert.sansio.MonotonicTime;
import dev.culvert.sansio.Output;
import dev.culvert.sansio.Transport;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.stun.ClientRequest;
import dev.culvert.stun.ClientTransactions;
import dev.culvert.stun.RetransmissionPolicy;
import dev.culvert.stun.StunCodec;
import dev.culvert.stun.TransactionOutcome;
import java.time.Duration;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** Keeps a socket's mapping on the NAT while people carry notes, and sees whether it holds. */
final class BareSocket {
  /** There are NATs that forget after five seconds. */
  private static final Duration PACE = Duration.ofSeconds(4);

  private static final RetransmissionPolicy POLICY =
      RetransmissionPolicy.constant(Duration.ofSeconds(1), 3);

  private final Flow flow;
  private final ClientTransactions stun;
  private MonotonicTime next;
  private Optional<TransportAddress> seen = Optional.empty();

  BareSocket(
      PunchSocket socket, TransportAddress server, RandomGenerator random, MonotonicTime now) {
    this.flow = new Flow(socket.id(), Transport.UDP, socket.local(), server);
    this.stun = new ClientTransactions(random, 4);
    this.next = now.plus(PACE);
  }

  void receive(Flow from, Bytes payload, MonotonicTime now) {
    if (from.id() == flow.id() && StunCodec.looksLikeStun(payload)) {
      StunCodec.decode(payload).packet().ifPresent(its -> stun.receive(from, its, now));
      settle();
    }
  }

  void advance(MonotonicTime now) {
    stun.advance(now);
    if (!now.isBefore(next)) {
      next = now.plus(PACE);
      stun.start(ClientRequest.binding(flow, stun.newTransactionId()).withPolicy(POLICY), now);
    }
    settle();
  }

  private void settle() {
    for (Optional<TransactionOutcome> outcome = stun.pollOutcome();
        outcome.isPresent();
        outcome = stun.pollOutcome()) {
      seen = PortLook.mapped(outcome.get()).or(() -> seen);
    }
  }

  /** Where the server saw it last, if it was asked again. */
  Optional<TransportAddress> seen() {
    return seen;
  }

  MonotonicTime nextDeadline() {
    return stun.nextDeadline().filter(at -> at.isBefore(next)).orElse(next);
  }

  Optional<Output> pollOutput() {
    return stun.pollSend().map(its -> its);
  }
}
