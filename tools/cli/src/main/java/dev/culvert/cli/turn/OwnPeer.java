package dev.culvert.cli.turn;

import dev.culvert.cli.turn.Trouble.Cause;
import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.Flow;
import dev.culvert.sansio.Input;
import dev.culvert.sansio.IpLiterals;
import dev.culvert.sansio.MonotonicTime;
import dev.culvert.sansio.Output;
import dev.culvert.sansio.Transport;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.stun.ClientRequest;
import dev.culvert.stun.ClientTransactions;
import dev.culvert.stun.RetransmissionPolicy;
import dev.culvert.stun.StunCodec;
import dev.culvert.stun.TransactionOutcome;
import dev.culvert.stun.attribute.XorMappedAddress;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.random.RandomGenerator;

/**
 * A UDP socket of this host. It asks the relay for its address as others see it, and sends to the
 * relayed address first, so that a NAT on the way lets the relay in.
 */
final class OwnPeer implements Peer {
  private static final RetransmissionPolicy POLICY =
      RetransmissionPolicy.constant(Duration.ofMillis(300), 5);

  private final long id;
  private final boolean ipv4;
  private final Optional<TransportAddress> stun;
  private final InetAddress guess;
  private final ClientTransactions transactions;
  private final Bytes greeting;
  private final Queue<Output> outputs = new ArrayDeque<>();
  private Optional<Flow> flow = Optional.empty();
  private Optional<TransportAddress> address = Optional.empty();
  private Optional<TransportAddress> partner = Optional.empty();
  private Optional<Trouble> trouble = Optional.empty();
  private int heard;

  /**
   * A socket that is not open yet.
   *
   * @param id of its flows
   * @param stun whom to ask for its address; empty if there is nobody
   * @param mapped this host as the relay sees it, which tells the IP version, too
   */
  OwnPeer(long id, Optional<TransportAddress> stun, InetAddress mapped, RandomGenerator random) {
    this.id = id;
    this.stun = stun;
    this.guess = mapped;
    this.ipv4 = new TransportAddress(mapped, 0).isIpv4();
    this.transactions = new ClientTransactions(random, 1);
    this.greeting = Bytes.utf8("culvert " + Long.toHexString(random.nextLong()));
  }

  @Override
  public void begin(MonotonicTime now) {
    InetAddress any = IpLiterals.parse(ipv4 ? "0.0.0.0" : "::").orElseThrow();
    outputs.add(new Output.Bind(id, new TransportAddress(any, 0)));
  }

  @Override
  public Optional<TransportAddress> address() {
    return address;
  }

  @Override
  public Optional<Trouble> trouble() {
    return trouble;
  }

  @Override
  public void meet(TransportAddress relayed, MonotonicTime now) {
    partner = Optional.of(relayed);
    flow.ifPresent(its -> outputs.add(new Output.Send(its.to(relayed), greeting)));
  }

  /** A NAT may show the relay another port than the one that was asked for. */
  @Override
  public void seen(TransportAddress from, Bytes data) {
    if (data.equals(greeting)) {
      address = Optional.of(from);
    }
  }

  @Override
  public int heard() {
    return heard;
  }

  @Override
  public String words() {
    return "an own socket";
  }

  @Override
  public void accept(Input input, MonotonicTime now) {
    if (input instanceof Input.Bound bound && bound.id() == id) {
      TransportAddress remote = stun.orElse(new TransportAddress(guess, 9));
      Flow own = new Flow(id, Transport.UDP, bound.local(), remote);
      flow = Optional.of(own);
      if (stun.isPresent()) {
        ClientRequest request = ClientRequest.binding(own, transactions.newTransactionId());
        transactions.start(request.withPolicy(POLICY), now);
      } else {
        address = Optional.of(new TransportAddress(guess, bound.local().port()));
      }
    } else if (input instanceof Input.BindFailed failed && failed.id() == id) {
      trouble =
          Optional.of(
              new Trouble(
                  Cause.ECHO,
                  "no own socket for the peer: " + failed.detail(),
                  "try --peer relay"));
    }
  }

  @Override
  public void receive(Flow from, Bytes payload, MonotonicTime now) {
    if (from.id() != id) {
      return;
    }
    if (partner.filter(from.remote()::equals).isPresent()) {
      heard++;
      outputs.add(new Output.Send(from, payload));
    } else if (address.isEmpty()) {
      StunCodec.decode(payload)
          .packet()
          .ifPresent(packet -> transactions.receive(from, packet, now));
      settle();
    }
  }

  @Override
  public void advance(MonotonicTime now) {
    transactions.advance(now);
    settle();
  }

  /** Without an answer the address is guessed: right unless a NAT is on the way. */
  private void settle() {
    Optional<TransactionOutcome> outcome = transactions.pollOutcome();
    if (outcome.isPresent() && flow.isPresent() && address.isEmpty()) {
      TransportAddress guessed = new TransportAddress(guess, flow.get().local().port());
      address =
          outcome
              .filter(TransactionOutcome.Responded.class::isInstance)
              .map(TransactionOutcome.Responded.class::cast)
              .flatMap(its -> its.response().message().first(XorMappedAddress.class))
              .map(XorMappedAddress::address)
              .or(() -> Optional.of(guessed));
    }
  }

  @Override
  public Optional<MonotonicTime> nextDeadline() {
    return transactions.nextDeadline();
  }

  @Override
  public Optional<Output> pollOutput() {
    return Optional.ofNullable(outputs.poll())
        .or(() -> transactions.pollSend().map(Output.class::cast));
  }

  @Override
  public void close(MonotonicTime now) {
    outputs.add(new Output.Close(id));
  }
}
