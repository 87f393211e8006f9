package dev.culvert.cli.lab.reach;

import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.Flow;
import dev.culvert.sansio.Input;
import dev.culvert.sansio.Machine;
import dev.culvert.sansio.MonotonicTime;
import dev.culvert.sansio.Output;
import dev.culvert.sansio.Transport;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.stun.ClientRequest;
import dev.culvert.stun.ClientTransactions;
import dev.culvert.stun.MessageClass;
import dev.culvert.stun.Method;
import dev.culvert.stun.ResponseCheck;
import dev.culvert.stun.RetransmissionPolicy;
import dev.culvert.stun.StunCodec;
import dev.culvert.stun.StunMessage;
import dev.culvert.stun.StunPacket;
import dev.culvert.stun.TransactionId;
import dev.culvert.stun.TransactionOutcome;
import dev.culvert.stun.TransactionOutcome.Responded;
import dev.culvert.stun.attribute.Username;
import dev.culvert.stun.attribute.XorMappedAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * One side of two that try to reach each other by sending at the same time (RFC 5128 §3.3): one
 * socket, a STUN server that tells how it looks from outside, then probes to wherever the other
 * side may be, and answers to wherever probes come from. Nothing is guessed and nobody relays.
 *
 * <p>Probes are Binding requests with the receiver's tag as USERNAME. The other side counts as
 * reached when it answers from the very address that was asked. Probes go to at most {@value
 * #MOST_ADDRESSES} addresses, one each per {@value #PACE_MILLIS} ms.
 */
public final class ReachMachine implements Machine<ReachEvent> {
  private static final int MOST_ADDRESSES = 8;
  private static final int PACE_MILLIS = 200;
  private static final Duration PACE = Duration.ofMillis(PACE_MILLIS);
  private static final int ASKINGS = 12;
  private static final long SOCKET = 0;

  private final TransportAddress wanted;
  private final TransportAddress server;
  private final Duration limit;
  private final String tag;
  private final ClientTransactions transactions;
  private final Queue<Output> outputs = new ArrayDeque<>();
  private final Queue<ReachEvent> events = new ArrayDeque<>();
  private final Set<TransportAddress> probed = new LinkedHashSet<>();
  private final List<TransactionId> probes = new ArrayList<>();
  private final Set<TransportAddress> heardFrom = new LinkedHashSet<>();
  private Optional<TransportAddress> local = Optional.empty();
  private Optional<TransactionId> question = Optional.empty();
  private Optional<ReachDescription> peer = Optional.empty();
  private Optional<MonotonicTime> begun = Optional.empty();
  private boolean bound;
  private boolean ended;

  /**
   * A side that has not begun.
   *
   * @param local the address to use; port 0 for a fresh one
   * @param server the STUN server to ask, of the same family
   * @param limit how long to try, from knowing of the other side; at least a probe's pace
   * @param random for tag and transaction ids
   */
  public ReachMachine(
      TransportAddress local, TransportAddress server, Duration limit, RandomGenerator random) {
    if (local.isIpv4() != server.isIpv4()) {
      throw new IllegalArgumentException(local + " and " + server + " are of two families");
    }
    if (limit.compareTo(PACE) < 0) {
      throw new IllegalArgumentException("less than " + PACE_MILLIS + " ms is no time to meet");
    }
    this.wanted = local;
    this.server = server;
    this.limit = limit;
    this.tag = Long.toHexString(random.nextLong() | Long.MIN_VALUE);
    this.transactions = new ClientTransactions(random, MOST_ADDRESSES + 1);
  }

  /** Begins to meet {@code other}; a second call does nothing. */
  public void meet(ReachDescription other, MonotonicTime now) {
    if (peer.isPresent() || local.isEmpty()) {
      return;
    }
    peer = Optional.of(other);
    begun = Optional.of(now);
    other.addresses().forEach(address -> probe(address, now));
    heardFrom.forEach(address -> probe(address, now));
  }

  @Override
  public void receive(Flow from, Bytes payload, MonotonicTime now) {
    StunPacket packet = StunCodec.decode(payload).packet().orElse(null);
    if (packet == null) {
      return;
    }
    StunMessage message = packet.message();
    boolean probe =
        message.messageClass() == MessageClass.REQUEST
            && message.method().equals(Method.BINDING)
            && message.first(Username.class).filter(new Username(tag)::equals).isPresent();
    if (probe) {
      outputs.add(
          new Output.Send(
              from,
              StunCodec.encode(message.successResponse(new XorMappedAddress(from.remote())))));
      if (heardFrom.size() < MOST_ADDRESSES) {
        heardFrom.add(from.remote());
      }
      // Where a probe came from is where an answer gets in, whatever was announced.
      probe(from.remote(), now);
    } else if (transactions.receive(from, packet, now)) {
      settle(now);
    }
  }

  @Override
  public void accept(Input input, MonotonicTime now) {
    if (input instanceof Input.Bound open) {
      local = Optional.of(open.local());
      TransactionId id = transactions.newTransactionId();
      question = Optional.of(id);
      transactions.start(
          ClientRequest.binding(flow(server), id)
              .withPolicy(RetransmissionPolicy.constant(PACE, ASKINGS)),
          now);
    } else if (input instanceof Input.BindFailed failed) {
      events.add(new ReachEvent.Failed(failed.detail()));
    }
  }

  @Override
  public void advance(MonotonicTime now) {
    if (!bound) {
      bound = true;
      outputs.add(new Output.Bind(SOCKET, wanted));
    }
    transactions.advance(now);
    settle(now);
    if (!ended && begun.filter(start -> !now.isBefore(start.plus(limit))).isPresent()) {
      end(Optional.empty(), now);
    }
  }

  @Override
  public Optional<MonotonicTime> nextDeadline() {
    Optional<MonotonicTime> soonest = transactions.nextDeadline();
    Optional<MonotonicTime> last = ended ? Optional.empty() : begun.map(at -> at.plus(limit));
    return soonest.filter(at -> last.isEmpty() || at.isBefore(last.get())).or(() -> last);
  }

  @Override
  public Optional<Output> pollOutput() {
    return Optional.ofNullable(outputs.poll()).or(transactions::pollSend);
  }

  @Override
  public Optional<ReachEvent> pollEvent() {
    return Optional.ofNullable(events.poll());
  }

  private void probe(TransportAddress address, MonotonicTime now) {
    boolean possible =
        !ended
            && peer.isPresent()
            && probed.size() < MOST_ADDRESSES
            && address.isIpv4() == wanted.isIpv4()
            && address.port() != 0;
    if (possible && probed.add(address)) {
      // Only an answer from where it was asked proves that packets pass both ways between the two.
      ResponseCheck fromThere =
          (response, from) ->
              from.remote().equals(address)
                  ? ResponseCheck.Verdict.ACCEPT
                  : ResponseCheck.Verdict.DISCARD;
      int sends = (int) (limit.toMillis() / PACE_MILLIS);
      TransactionId id = transactions.newTransactionId();
      probes.add(id);
      transactions.start(
          ClientRequest.binding(flow(address), id, new Username(peer.orElseThrow().tag()))
              .withPolicy(RetransmissionPolicy.constant(PACE, sends))
              .withCheck(fromThere),
          now);
    }
  }

  private void settle(MonotonicTime now) {
    for (Optional<TransactionOutcome> next = transactions.pollOutcome();
        next.isPresent();
        next = transactions.pollOutcome()) {
      TransactionOutcome outcome = next.get();
      Optional<StunMessage> response =
          outcome instanceof Responded responded
              ? Optional.of(responded.response().message())
              : Optional.empty();
      if (question.filter(outcome.request().id()::equals).isPresent()) {
        Optional<TransportAddress> reflexive =
            response
                .flatMap(message -> message.first(XorMappedAddress.class))
                .map(XorMappedAddress::address);
        events.add(
            new ReachEvent.Described(new ReachDescription(tag, local.orElseThrow(), reflexive)));
      } else if (response.isPresent() && !ended) {
        end(Optional.of(outcome.request().flow().remote()), now);
      }
    }
  }

  private void end(Optional<TransportAddress> remote, MonotonicTime now) {
    ended = true;
    probes.forEach(transactions::cancel);
    Duration elapsed = now.since(begun.orElseThrow());
    String reason = remote.isPresent() ? "" : reason();
    events.add(new ReachEvent.Ended(new ReachResult(remote, elapsed, reason)));
  }

  private String reason() {
    String sent = "probes went to " + words(probed);
    return heardFrom.isEmpty()
        ? sent + "; nothing came from the other side"
        : sent + "; probes came from " + words(heardFrom) + ", but no answer to its own";
  }

  private static String words(Set<TransportAddress> addresses) {
    return addresses.stream().map(Object::toString).reduce((a, b) -> a + " and " + b).orElse("");
  }

  private Flow flow(TransportAddress remote) {
    return new Flow(SOCKET, Transport.UDP, local.orElse(wanted), remote);
  }
}
