package dev.culvert.turn.client;

import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.Flow;
import dev.culvert.sansio.Input;
import dev.culvert.sansio.Machine;
import dev.culvert.sansio.MonotonicTime;
import dev.culvert.sansio.Output;
import dev.culvert.sansio.Transport;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.stun.LongTermClient;
import dev.culvert.stun.Method;
import dev.culvert.stun.Redirections;
import dev.culvert.stun.StunMessage;
import dev.culvert.stun.attribute.Attribute;
import dev.culvert.stun.attribute.ErrorCode;
import dev.culvert.stun.attribute.Lifetime;
import dev.culvert.stun.attribute.RequestedTransport;
import dev.culvert.stun.attribute.XorMappedAddress;
import dev.culvert.stun.attribute.XorRelayedAddress;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * A relay's client (RFC 8656): opens a socket or connection to the server, or shares a UDP socket
 * with its owner, gets an allocation, keeps it and its permissions and channels alive, and carries
 * datagrams between its owner and peers. What comes of it is told by {@link TurnClientEvent}s.
 *
 * <p>It begins with the first {@link #advance}. Confined to one thread; its own methods are called
 * as a driver's {@code execute} allows. Nothing from the network makes it throw.
 */
public final class TurnClient implements Machine<TurnClientEvent> {
  /** The most bytes that {@link #send} takes: what fits into a datagram with all headers. */
  public static final int MOST_DATA = 65_000;

  private static final int MOST_FRESH_PORTS = 3;
  private static final Duration LONGEST_GOODBYE = Duration.ofSeconds(3);

  private enum State {
    NEW,
    OPENING,
    ALLOCATING,
    PAUSING,
    ALLOCATED,
    CLOSING,
    ENDED
  }

  private final TurnClientConfig home;
  private final RandomGenerator random;
  private final LongSupplier ids;
  private final Optional<Flow> shared;
  private final Agenda agenda = new Agenda();
  private final Queue<Output> outputs = new ArrayDeque<>();
  private final Queue<TurnClientEvent> events = new ArrayDeque<>();
  private final Acquaintances acquaintances = new Acquaintances();
  private final Patience patience;
  private final Refusals refusals;
  private TurnClientConfig config;
  private Redirections redirections = new Redirections();
  private LongTermClient credentials;
  private State state = State.NEW;
  private long opening;
  private boolean stoodOnce;
  private int freshPorts;
  private Optional<ServerLink> link = Optional.empty();
  private Optional<Peers> peers = Optional.empty();
  private Optional<Upkeep> upkeep = Optional.empty();

  /**
   * A client that has not begun.
   *
   * @param random for transaction ids; a {@link java.security.SecureRandom} for anything that meets
   *     the Internet
   */
  public TurnClient(TurnClientConfig config, RandomGenerator random) {
    this(config, random, new CountingIds());
  }

  /**
   * A client that has not begun, as a part of another machine.
   *
   * @param random as above
   * @param ids gives ids of flows that nobody else uses, zero or positive
   */
  public TurnClient(TurnClientConfig config, RandomGenerator random, LongSupplier ids) {
    this(config, random, ids, Optional.empty());
  }

  private TurnClient(
      TurnClientConfig config, RandomGenerator random, LongSupplier ids, Optional<Flow> shared) {
    this.home = config;
    this.config = config;
    this.random = random;
    this.ids = ids;
    this.shared = shared;
    this.patience = new Patience(random);
    this.refusals = new Refusals(random);
    this.credentials = new LongTermClient(config.credential());
  }

  /**
   * A client that has not begun and speaks over a UDP socket that its owner has open and uses for
   * other things, too. The owner hands it what {@link #owns} says, tells it what becomes of the
   * socket, sends what it wants sent, and closes the socket itself.
   *
   * @param socket any flow of the socket; the client directs it to its server
   * @param random as above
   * @throws IllegalArgumentException if the socket or {@code config} are not for UDP, or differ in
   *     IP version
   */
  public static TurnClient sharing(Flow socket, TurnClientConfig config, RandomGenerator random) {
    if (socket.transport() != Transport.UDP || config.transport() != Transport.UDP) {
      throw new IllegalArgumentException("only UDP sockets can be shared");
    }
    if (socket.local().isIpv4() != config.server().isIpv4()) {
      throw new IllegalArgumentException(
          socket.local() + " and " + config.server() + " differ in IP version");
    }
    return new TurnClient(config, random, new CountingIds(), Optional.of(socket));
  }

  private static final class CountingIds implements LongSupplier {
    private long next;

    @Override
    public long getAsLong() {
      return next++;
    }
  }

  /**
   * Whether bytes that came are the relay's and meant for this client: they come from its server,
   * and are an answer that it waits for or had lately, a peer's data in an indication, or
   * ChannelData (RFC 7983 §7). Everything else on a shared socket is somebody else's.
   */
  public boolean owns(Flow from, Bytes payload) {
    return link.filter(its -> its.isFromServer(from) && its.expects(payload)).isPresent();
  }

  /** Whether the connection to the server has room; while it has none, data is dropped. */
  public boolean isWritable() {
    return link.map(ServerLink::isWritable).orElse(true);
  }

  /** Whether {@link #owns} could be true of anything from there, which costs less to ask. */
  public boolean hears(Flow from) {
    return link.filter(its -> its.isFromServer(from)).isPresent();
  }

  /** Whether the last event is told or about to be: there will be no allocation any more. */
  public boolean hasEnded() {
    return state == State.ENDED;
  }

  /**
   * Lets a peer send, from any port, until it is forgotten; the relay needs no less before it takes
   * the first datagram. May be called before the allocation stands.
   *
   * @param peer its address, with a port that it is known to use: some relays look at that, too
   */
  public void permit(TransportAddress peer, MonotonicTime now) {
    if (state == State.ALLOCATED) {
      peers.ifPresent(all -> all.permit(peer, now));
    } else if (state != State.CLOSING && state != State.ENDED) {
      acquaintances.permit(peer);
    }
  }

  /**
   * Sends a datagram to a peer, who may then send, too. The first one asks for a channel; until the
   * relay has answered, data goes as indications or, while not even those are allowed, waits.
   *
   * @param data at most {@link #MOST_DATA} bytes
   * @return false: it is dropped, because there is no allocation, the connection is full, or the
   *     relay refused the peer a short while ago
   * @throws IllegalArgumentException if it is longer than that, or the peer has no port
   */
  public boolean send(TransportAddress peer, Bytes data, MonotonicTime now) {
    if (data.length() > MOST_DATA || peer.port() == 0) {
      throw new IllegalArgumentException(
          "a datagram has at most "
              + MOST_DATA
              + " bytes and a port to go to, not "
              + data.length()
              + " bytes to "
              + peer);
    }
    return state == State.ALLOCATED && peers.filter(all -> all.send(peer, data, now)).isPresent();
  }

  /** Prolongs no permission or channel of this address any more, and takes nothing from it. */
  public void forget(InetAddress peer, MonotonicTime now) {
    acquaintances.forget(peer);
    peers.ifPresent(all -> all.forget(peer, now));
  }

  /**
   * The owner has reason to believe that the server was started anew or has come back: whether the
   * allocation is still there is asked at once, and where there is none any more another attempt
   * begins at once. Harmless when repeated.
   */
  public void doubt(MonotonicTime now) {
    boolean tries = state == State.PAUSING || state == State.OPENING || state == State.ALLOCATING;
    if (stoodOnce && tries) {
      open(now);
    } else if (state == State.ALLOCATED) {
      upkeep.ifPresent(its -> its.check(now));
    }
  }

  /** Gives the allocation back and ends, with {@link TurnClientEvent.Closed} as the last event. */
  public void close(MonotonicTime now) {
    if (state == State.ALLOCATED) {
      state = State.CLOSING;
      agenda.clear();
      agenda.at(now.plus(LONGEST_GOODBYE), later -> end(new TurnClientEvent.Closed()));
      giveBack((reply, later) -> end(new TurnClientEvent.Closed()), now);
    } else if (state != State.CLOSING && state != State.ENDED) {
      end(new TurnClientEvent.Closed());
    }
  }

  @Override
  public void receive(Flow from, Bytes payload, MonotonicTime now) {
    Optional<ServerLink> source = link.filter(its -> its.isFromServer(from));
    if (source.isEmpty()) {
      return;
    }
    ServerLink over = source.get();
    for (Bytes message : over.messages(payload, now)) {
      if (isStill(over)) {
        new Arrival(over, peers, events::add).take(from, message, now);
      }
    }
    if (over.fault().isPresent() && isStill(over)) {
      broken("the server's stream: " + over.fault().get(), now);
    }
  }

  private boolean isStill(ServerLink over) {
    return link.filter(its -> its == over).isPresent();
  }

  @Override
  public void accept(Input input, MonotonicTime now) {
    if (input instanceof Input.Opened opened) {
      if (state == State.OPENING && opened.flow().id() == opening) {
        allocate(opened.flow(), now);
      }
    } else if (input instanceof Input.Closed closed) {
      closed(closed, now);
    } else if (input instanceof Input.Writable writable) {
      link.filter(its -> its.flow().id() == writable.id())
          .ifPresent(its -> its.setWritable(writable.writable()));
    } else if (input instanceof Input.Unreachable unreachable) {
      link.filter(its -> its.isFromServer(unreachable.flow()))
          .ifPresent(its -> its.requests().unreachable(unreachable.cause(), now));
    }
  }

  private void closed(Input.Closed closed, MonotonicTime now) {
    if (shared.isPresent()) {
      if (closed.id() == shared.get().id()) {
        String reason = "the socket to " + config.server() + ": " + closed.detail();
        endForGood(0, reason);
      }
    } else if (closed.id() == opening) {
      opening = -1;
      broken(config.transport() + " to " + config.server() + ": " + closed.detail(), now);
    }
  }

  @Override
  public void advance(MonotonicTime now) {
    if (state == State.NEW) {
      open(now);
    }
    agenda.advance(now);
    link.ifPresent(its -> its.requests().advance(now));
  }

  @Override
  public Optional<MonotonicTime> nextDeadline() {
    Optional<MonotonicTime> requests = link.flatMap(its -> its.requests().nextDeadline());
    Optional<MonotonicTime> tasks = agenda.next();
    return requests.filter(at -> tasks.isEmpty() || at.isBefore(tasks.get())).or(() -> tasks);
  }

  @Override
  public Optional<Output> pollOutput() {
    return link.flatMap(ServerLink::poll).or(() -> Optional.ofNullable(outputs.poll()));
  }

  @Override
  public Optional<TurnClientEvent> pollEvent() {
    return Optional.ofNullable(events.poll());
  }

  private void open(MonotonicTime now) {
    hangUp();
    state = State.OPENING;
    redirections.asking(config.server(), now);
    if (shared.isPresent()) {
      allocate(shared.get().to(config.server()), now);
      return;
    }
    opening = ids.getAsLong();
    outputs.add(
        new Output.Open(
            opening,
            config.transport(),
            config.local(),
            config.server(),
            config.transport().isSecure() ? config.identity() : Optional.empty()));
  }

  /** Leaves a socket or connection; what is still to be sent over it is sent before. */
  private void hangUp() {
    agenda.clear();
    link.ifPresent(
        its -> {
          for (Optional<Output> rest = its.poll(); rest.isPresent(); rest = its.poll()) {
            outputs.add(rest.get());
          }
        });
    link = Optional.empty();
    peers = Optional.empty();
    upkeep = Optional.empty();
    if (state != State.NEW && shared.isEmpty() && opening >= 0) {
      outputs.add(new Output.Close(opening));
      opening = -1;
    }
  }

  private void end(TurnClientEvent event) {
    hangUp();
    state = State.ENDED;
    events.add(event);
  }

  /** What ends an attempt or an allocation, after which there may be another one. */
  private void end(int code, String reason, MonotonicTime now) {
    boolean isLoss = state == State.ALLOCATED;
    boolean isAttempt = stoodOnce && (state == State.OPENING || state == State.ALLOCATING);
    boolean mayGoOn = isLoss || (isAttempt && !Patience.isHopeless(code));
    if (!config.reallocates() || !mayGoOn) {
      endForGood(code, reason);
      return;
    }
    if (isLoss) {
      peers.ifPresent(acquaintances::remember);
      events.add(new TurnClientEvent.Lost(code, reason));
    }
    hangUp();
    config = home;
    credentials = new LongTermClient(config.credential());
    redirections = new Redirections();
    freshPorts = 0;
    pause(code, reason, isLoss ? patience.afterLoss() : patience.afterFailure(code), now);
  }

  /** Before there is an allocation a failure, afterwards a loss. */
  private void endForGood(int code, String reason) {
    switch (state) {
      case ENDED -> {}
      case ALLOCATED -> end(new TurnClientEvent.Lost(code, reason));
      case CLOSING -> end(new TurnClientEvent.Closed());
      default -> end(new TurnClientEvent.Failed(code, reason));
    }
  }

  private void broken(String reason, MonotonicTime now) {
    end(0, reason, now);
  }

  private void pause(int code, String reason, Duration pause, MonotonicTime now) {
    state = State.PAUSING;
    events.add(new TurnClientEvent.Postponed(code, reason, pause));
    agenda.at(now.plus(pause), this::open);
  }

  private void ask(Method method, List<Attribute> says, Reply.Taker taker, MonotonicTime now) {
    link.ifPresent(its -> its.requests().ask(method, says, taker, now));
  }

  private void giveBack(Reply.Taker taker, MonotonicTime now) {
    ask(Method.REFRESH, List.of(new Lifetime(0)), taker, now);
  }

  private void allocate(Flow flow, MonotonicTime now) {
    state = State.ALLOCATING;
    link = Optional.of(new ServerLink(flow, credentials, random, now));
    askForAllocation(now);
  }

  private void askForAllocation(MonotonicTime now) {
    List<Attribute> says = new ArrayList<>();
    says.add(new RequestedTransport(RequestedTransport.UDP));
    says.addAll(config.families().attributes());
    config.lifetime().ifPresent(lifetime -> says.add(new Lifetime(lifetime.toSeconds())));
    ask(Method.ALLOCATE, says, this::allocated, now);
  }

  private void allocated(Reply reply, MonotonicTime now) {
    if (reply instanceof Reply.Granted granted) {
      stand(granted.response(), now);
    } else if (reply instanceof Reply.Refused refused) {
      refused(refused, now);
    } else {
      broken(reply.reason(), now);
    }
  }

  private void refused(Reply.Refused refused, MonotonicTime now) {
    switch (refused.code()) {
      case ErrorCode.TRY_ALTERNATE -> redirect(refused, now);
      case ErrorCode.ALLOCATION_MISMATCH -> leavePort(refused, now);
      case ErrorCode.ALLOCATION_QUOTA_REACHED,
          ErrorCode.SERVER_ERROR,
          ErrorCode.INSUFFICIENT_CAPACITY -> {
        hangUp();
        pause(refused.code(), refused.reason(), patience.afterRefusal(), now);
      }
      default -> end(refused.code(), refused.reason(), now);
    }
  }

  /**
   * There is an allocation from this port: somebody else's, from another port of a NAT, or our own
   * of an earlier life. Another port is another client; where the port is fixed, it may be our own.
   */
  private void leavePort(Reply.Refused refused, MonotonicTime now) {
    if (++freshPorts > MOST_FRESH_PORTS) {
      end(refused.code(), refused.reason(), now);
    } else if (shared.isEmpty() && config.local().filter(its -> its.port() != 0).isEmpty()) {
      open(now);
    } else {
      giveBack((reply, later) -> askForAllocation(later), now);
    }
  }

  /** Who was not asked for credentials could be anybody (RFC 8489 §14.8). */
  private void redirect(Reply.Refused refused, MonotonicTime now) {
    Optional<Redirections.Alternate> alternate =
        refused.proven()
            ? redirections.follow(refused.response(), config.server(), now)
            : Optional.empty();
    if (alternate.isEmpty()) {
      String reason = refused.reason() + ", but names no other server to be trusted";
      end(refused.code(), reason, now);
      return;
    }
    Redirections.Alternate next = alternate.get();
    events.add(new TurnClientEvent.Redirected(next.server()));
    config = config.at(next.server(), config.identity().map(next::identity));
    credentials = new LongTermClient(config.credential());
    freshPorts = 0;
    open(now);
  }

  private void stand(StunMessage response, MonotonicTime now) {
    List<TransportAddress> relayed =
        response.all(XorRelayedAddress.class).stream().map(XorRelayedAddress::address).toList();
    Optional<TransportAddress> mapped =
        response.first(XorMappedAddress.class).map(XorMappedAddress::address);
    Duration lifetime = Upkeep.lifetime(response);
    if (relayed.isEmpty() || mapped.isEmpty() || lifetime.isZero()) {
      broken("the server grants an allocation without addresses or lifetime", now);
      return;
    }
    state = State.ALLOCATED;
    stoodOnce = true;
    ServerLink over = link.orElseThrow();
    Upkeep keeper =
        new Upkeep(config, over, agenda, random, mapped.get(), lifetime, this::lost, now);
    upkeep = Optional.of(keeper);
    Peers all = new Peers(over, agenda, refusals, events::add, keeper::doubt);
    peers = Optional.of(all);
    events.add(new TurnClientEvent.Allocated(config.server(), relayed, mapped.get(), lifetime));
    agenda.at(now.plus(Patience.PROBATION), later -> patience.reset());
    acquaintances.introduce(all, now);
  }

  private void lost(Reply reply, MonotonicTime now) {
    if (state == State.ALLOCATED) {
      end(reply.code(), reply.reason(), now);
    }
  }
}
