package dev.culvert.session.meet;

import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.CloseCause;
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
import dev.culvert.stun.RetransmissionPolicy;
import dev.culvert.stun.StunCodec;
import dev.culvert.stun.TransactionId;
import dev.culvert.stun.TransactionOutcome;
import dev.culvert.stun.attribute.XorMappedAddress;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/**
 * What a few fresh sockets, opened in a row, look like to one STUN server right now (RFC 8489). The
 * sockets stay open: one of them may be what is punched from.
 */
final class PortLook implements Machine<PortLook.Seen> {
  /** A second and a half in all: what is seen later is stale. */
  private static final RetransmissionPolicy POLICY =
      RetransmissionPolicy.constant(Duration.ofMillis(300), 5);

  private final TransportAddress server;
  private final ClientTransactions stun;
  private final Queue<Output> outputs = new ArrayDeque<>();
  private final Queue<Seen> events = new ArrayDeque<>();
  private final Map<Long, Input.Bound> bound = new TreeMap<>();
  private final Map<TransactionId, Long> asked = new HashMap<>();
  private final Map<Long, TransportAddress> mapped = new TreeMap<>();
  private int open;
  private boolean begun;
  private boolean told;

  /**
   * What was seen, in the order in which the sockets asked.
   *
   * @param sockets those that the server answered; none if it is silent
   */
  record Seen(List<Socket> sockets) {
    Seen {
      sockets = List.copyOf(sockets);
    }
  }

  /**
   * A socket of this host.
   *
   * @param id its id
   * @param local its own address
   * @param ttl whether a hop limit takes effect on it
   * @param mapped what the server saw
   */
  record Socket(long id, TransportAddress local, boolean ttl, TransportAddress mapped) {}

  /** A look by so many sockets, with ids from 0. */
  PortLook(InetAddress local, TransportAddress server, int sockets, RandomGenerator random) {
    this.server = server;
    this.stun = new ClientTransactions(random, sockets);
    this.open = sockets;
    for (int id = 0; id < sockets; id++) {
      outputs.add(new Output.Bind(id, new TransportAddress(local, 0)));
    }
  }

  @Override
  public void receive(Flow from, Bytes payload, MonotonicTime now) {
    if (StunCodec.looksLikeStun(payload)) {
      StunCodec.decode(payload).packet().ifPresent(its -> stun.receive(from, its, now));
      settle(now);
    }
  }

  @Override
  public void accept(Input input, MonotonicTime now) {
    if (input instanceof Input.Bound its) {
      bound.put(its.id(), its);
    } else if (input instanceof Input.BindFailed) {
      open--;
    } else if (input instanceof Input.Closed its) {
      open -= bound.remove(its.id()) == null ? 0 : 1;
      mapped.remove(its.id());
      stun.closed(its.id(), CloseCause.FINISHED);
    } else if (input instanceof Input.Unreachable its) {
      stun.unreachable(its.flow(), its.cause());
    }
    settle(now);
  }

  @Override
  public void advance(MonotonicTime now) {
    stun.advance(now);
    settle(now);
  }

  private void settle(MonotonicTime now) {
    if (!begun && bound.size() >= open) {
      begun = true;
      bound.forEach((id, its) -> ask(id, its.local(), now));
    }
    for (Optional<Output.Send> send = stun.pollSend(); send.isPresent(); send = stun.pollSend()) {
      outputs.add(send.get());
    }
    for (Optional<TransactionOutcome> outcome = stun.pollOutcome();
        outcome.isPresent();
        outcome = stun.pollOutcome()) {
      Long socket = asked.remove(outcome.get().request().id());
      Optional<TransportAddress> seen = mapped(outcome.get());
      if (socket != null && seen.isPresent()) {
        mapped.put(socket, seen.get());
      }
    }
    if (begun && !told && asked.isEmpty()) {
      told = true;
      List<Socket> all = new ArrayList<>();
      mapped.forEach(
          (id, address) ->
              Optional.ofNullable(bound.get(id))
                  .ifPresent(its -> all.add(new Socket(id, its.local(), its.ttl(), address))));
      events.add(new Seen(all));
    }
  }

  private void ask(long socket, TransportAddress local, MonotonicTime now) {
    TransactionId id = stun.newTransactionId();
    asked.put(id, socket);
    Flow flow = new Flow(socket, Transport.UDP, local, server);
    stun.start(ClientRequest.binding(flow, id).withPolicy(POLICY), now);
  }

  static Optional<TransportAddress> mapped(TransactionOutcome outcome) {
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

  @Override
  public Optional<MonotonicTime> nextDeadline() {
    return stun.nextDeadline();
  }

  @Override
  public Optional<Output> pollOutput() {
    return Optional.ofNullable(outputs.poll());
  }

  @Override
  public Optional<Seen> pollEvent() {
    return Optional.ofNullable(events.poll());
  }
}
