package dev.culvert.turn.server;

import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.Flow;
import dev.culvert.sansio.Input;
import dev.culvert.sansio.Machine;
import dev.culvert.sansio.MonotonicTime;
import dev.culvert.sansio.Output;
import dev.culvert.stun.LongTermServer;
import dev.culvert.stun.StreamFraming;
import dev.culvert.turn.ChannelData;
import dev.culvert.turn.auth.CredentialStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The relay of one event loop (RFC 8656, RFC 6062): takes clients' requests and peers' datagrams,
 * and says what to send, open and close. It answers everything but Binding requests.
 *
 * <p>The server's own sockets are the driver's: their flows have negative ids, and connections that
 * it accepts on them are told by {@link Input.Opened}. Relay sockets are the engine's, with ids
 * from 0 on. Confined to one thread, as are all objects that it hands out; none of them throws for
 * what came from the network.
 */
public final class TurnServer implements Machine<TurnEvent> {
  /** No connection: what {@link #splice} says of one that stands for itself. */
  public static final long NONE = Long.MIN_VALUE;

  private final Context context;
  private final AllocateRequests allocateRequests;
  private final Requests requests;
  private final Relaying relaying;

  /**
   * A relay without allocations.
   *
   * @param config what it does
   * @param resources what it shares with the relays of other loops
   * @param credentials whom it knows
   * @param nonces makes nonces and knows them again; shared with other loops
   * @param gate asked before each challenge that goes over UDP
   * @param random chooses tokens and connection ids
   */
  public TurnServer(
      TurnServerConfig config,
      RelayResources resources,
      CredentialStore credentials,
      LongTermServer.Nonces nonces,
      ResponseGate gate,
      RandomGenerator random) {
    context = new Context(config, resources, credentials, gate, random);
    allocateRequests = new AllocateRequests(context);
    requests = new Requests(context, allocateRequests, nonces);
    relaying = new Relaying(context);
  }

  /** A datagram, a message of DTLS, or the next bytes of a TCP or TLS connection. */
  @Override
  public void receive(Flow from, Bytes payload, MonotonicTime now) {
    if (context.peers.knows(from.id())) {
      context.peers.pass(from.id(), payload);
    } else if (from.id() >= 0) {
      relaying.fromPeer(from, payload, now.nanos());
    } else if (from.transport().isStream()) {
      receivePiece(from, payload, now);
    } else {
      receiveMessage(from, payload, now);
    }
  }

  private void receivePiece(Flow from, Bytes piece, MonotonicTime now) {
    Clients.Connection connection = context.clients.connection(from.id());
    if (connection == null) {
      context.counts.add(TurnCount.DROPPED_GARBAGE);
      return;
    }
    StreamFraming framing = connection.framing();
    for (Bytes message : framing.feed(piece)) {
      receiveMessage(from, message, now);
    }
    if (framing.fault().isPresent()) {
      context.counts.add(TurnCount.DROPPED_GARBAGE);
      context.outputs.add(new Output.Close(from.id()));
      closed(from.id(), now.nanos());
    }
  }

  /**
   * One whole STUN message or ChannelData, without padding, that the driver has cut out of a TCP or
   * TLS connection itself; a connection uses either this method or {@link #receive}. Bytes of a
   * connection that {@link #splice} knows never come here.
   */
  public void receiveMessage(Flow from, Bytes message, MonotonicTime now) {
    if (!message.isEmpty() && ChannelData.beginsWith(message.at(0))) {
      relaying.channelData(from, message, now.nanos());
    } else {
      requests.receive(from, message, now.nanos(), relaying);
    }
  }

  @Override
  public void accept(Input input, MonotonicTime now) {
    if (input instanceof Input.Bound bound) {
      allocateRequests.bound(bound, now.nanos());
    } else if (input instanceof Input.BindFailed failed) {
      allocateRequests.failed(failed, now.nanos());
    } else if (input instanceof Input.Opened opened) {
      opened(opened.flow(), now.nanos());
    } else if (input instanceof Input.Closed closed) {
      closed(closed.id(), now.nanos());
    } else if (input instanceof Input.Writable writable) {
      Clients.Connection connection = context.clients.connection(writable.id());
      if (connection != null) {
        connection.writable = writable.writable();
      }
    }
  }

  private void opened(Flow flow, long now) {
    if (flow.id() >= 0) {
      context.peers.opened(flow, now);
      return;
    }
    Relayed relayed = context.peers.listener(flow.local());
    if (relayed != null) {
      context.peers.accepted(flow, relayed, now);
    } else {
      context.clients.opened(flow);
    }
  }

  private void closed(long id, long now) {
    context.peers.closed(id);
    Allocation allocation = context.clients.closed(id);
    if (allocation != null) {
      allocation.end(TurnEvent.Ended.Cause.DISCONNECTED, now);
    }
  }

  @Override
  public void advance(MonotonicTime now) {
    context.deadlines.run(now.nanos());
  }

  @Override
  public Optional<MonotonicTime> nextDeadline() {
    OptionalLong next = context.deadlines.next();
    return next.isPresent() ? Optional.of(new MonotonicTime(next.getAsLong())) : Optional.empty();
  }

  @Override
  public Optional<Output> pollOutput() {
    return Optional.ofNullable(context.outputs.poll());
  }

  @Override
  public Optional<TurnEvent> pollEvent() {
    return Optional.ofNullable(context.events.poll());
  }

  /** The clients on the server's UDP socket with this id; the table stays current. */
  public ClientTable clients(long socket) {
    return context.clients.table(socket);
  }

  /** The client on a TCP, TLS or DTLS connection; null: it has no allocation. */
  public @Nullable Client client(long connection) {
    return context.clients.find(connection);
  }

  /** The relay socket with the id of an {@link Output.Bind}; null: it is not or no more in use. */
  public @Nullable RelaySocket relay(long id) {
    return context.sockets.get(id);
  }

  /**
   * With which other connection a client's or a peer's data connection is joined (RFC 6062 §4.4,
   * §5.5): from then on the driver passes bytes between the two itself, reads from the one no
   * faster than the other takes them, and tells the engine when either is closed, which closes the
   * other. Until then nothing may be read from a peer's connection.
   *
   * @return {@link #NONE}: with none
   */
  public long splice(long connection) {
    return context.peers.partner(connection);
  }

  /** Counts data that the driver passed between joined connections. */
  public void countSpliced(long from, int bytes) {
    context.peers.count(from, bytes);
  }

  /**
   * Which of the engines that share their {@link RelayResources} this is, 0 to 255 in the order in
   * which they were made.
   */
  public int home() {
    return context.home;
  }

  /**
   * The {@link #home} of the engine that has to get a message: a ConnectionBind request may come on
   * a connection of another event loop than the peer's.
   *
   * @return empty: any engine will do
   */
  public static Optional<Integer> homeOf(Bytes message) {
    return Requests.homeOf(message);
  }

  /** From now on no allocation is made: clients are sent to an alternate or get 508. */
  public void drain() {
    context.draining = true;
  }

  /** Allocations that stand now. */
  public int allocations() {
    return context.clients.allocations();
  }

  /**
   * What there is to say about allocations, by their ids.
   *
   * @param after only greater ids than this; 0: from the first one on
   * @param limit so many at most
   */
  public List<AllocationInfo> allocations(long after, int limit, MonotonicTime now) {
    List<AllocationInfo> page = new ArrayList<>();
    for (Allocation allocation : context.clients.after(after)) {
      if (page.size() >= limit) {
        break;
      }
      page.add(allocation.info(now.nanos()));
    }
    return page;
  }

  /**
   * Ends an allocation: its client is told 437 when it asks for anything about it.
   *
   * @param id as {@link AllocationInfo} gives it
   * @return what it was; empty: no allocation of this engine has the id
   */
  public Optional<AllocationInfo> drop(long id, MonotonicTime now) {
    Allocation allocation = context.clients.byId(id);
    if (allocation == null) {
      return Optional.empty();
    }
    AllocationInfo last = allocation.info(now.nanos());
    allocation.end(TurnEvent.Ended.Cause.DROPPED, now.nanos());
    return Optional.of(last);
  }

  /** Requests that were refused, by the codes that they were told; safe for every thread. */
  public Map<Integer, Long> refusals() {
    return context.refusals.read();
  }

  /** Allocations that stand now, by kind; safe for every thread. */
  public Map<AllocationKind, Long> kinds() {
    return context.kinds.read();
  }

  /** What was counted since the start; safe for every thread. */
  public Map<TurnCount, Long> counts() {
    return context.counts.read();
  }
}
