package dev.culvert.ice;

import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.Flow;
import dev.culvert.sansio.Input;
import dev.culvert.sansio.Machine;
import dev.culvert.sansio.MonotonicTime;
import dev.culvert.sansio.Output;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.stun.MessageClass;
import dev.culvert.stun.StunCodec;
import dev.culvert.stun.StunPacket;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * An ICE agent, full or lite (RFC 8445): is given candidates of both sides, finds a path for each
 * component, keeps it, and finds another when it breaks or a better one works.
 *
 * <p>It opens no sockets: candidates name flows that its owner has, and what it sends goes out on
 * these. Confined to one thread. Nothing from the network or in the peer's description makes it
 * throw.
 */
public final class IceAgent implements Machine<IceEvent> {
  private final IceConfig config;
  private final Queue<Output> outputs = new ArrayDeque<>();
  private final Queue<IceEvent> events = new ArrayDeque<>();
  private final Steps steps = new Steps();
  private final Checking checking;
  private final EarlyData early = new EarlyData();
  private final Optional<LongSupplier> connectionIds;

  /**
   * An agent that knows neither itself nor the peer.
   *
   * @param random for credentials, transaction ids and the tie-breaker; a {@link
   *     java.security.SecureRandom} for anything that meets the Internet
   */
  public IceAgent(IceConfig config, RandomGenerator random) {
    this(config, random, Optional.empty());
  }

  /**
   * One that opens TCP connections from candidates that are active or simultaneous-open (RFC 6544).
   *
   * @param connectionIds where their ids come from; each is used once, and stands in {@link
   *     Output.Open#id}
   */
  public IceAgent(IceConfig config, RandomGenerator random, LongSupplier connectionIds) {
    this(config, random, Optional.of(connectionIds));
  }

  private IceAgent(IceConfig config, RandomGenerator random, Optional<LongSupplier> connectionIds) {
    this.config = config;
    this.connectionIds = connectionIds;
    this.checking =
        new Checking(
            config,
            random,
            outputs::add,
            events::add,
            new Connections(connectionIds, outputs::add, steps),
            steps);
  }

  /** Has every step told to {@code watcher} as it happens, in place of whoever watched before. */
  public void watch(BiConsumer<MonotonicTime, IceStep> watcher) {
    steps.watch(watcher);
  }

  /** What the peer is to be told of this agent; another after each {@link #restart}. */
  public IceParameters parameters() {
    return checking.parameters();
  }

  /** How far it has come. */
  public IceState state() {
    return checking.state();
  }

  /** The role that it plays now. */
  public IceRole role() {
    return checking.role();
  }

  /**
   * Adds a candidate of this agent.
   *
   * @return whether the policy allows to use it and to tell the peer of it
   */
  public boolean addLocal(LocalCandidate candidate, MonotonicTime now) {
    steps.at(now);
    Optional<String> fault = fault(candidate.candidate());
    if (fault.isPresent()) {
      steps.tell(() -> new IceStep.LocalRefused(candidate.candidate(), fault.get()));
      return false;
    }
    checking.addLocal(candidate, now);
    return true;
  }

  private Optional<String> fault(Candidate own) {
    if (!config.components().contains(own.component())) {
      return Optional.of("there is no such component");
    }
    if (own.tcpType().filter(type -> type != TcpType.PASSIVE).isPresent()
        && connectionIds.isEmpty()) {
      return Optional.of("this agent opens no connections");
    }
    return config.policy().allowsLocal(own.type())
        ? Optional.empty()
        : Optional.of("the policy leaves it out");
  }

  /**
   * Adds a pair that something else than candidates has opened, such as a punched hole: it is
   * checked as soon as pacing lets it, however far this agent has come, and counts as any other.
   * The owner gives it again after a {@link #restart}.
   *
   * @param local what it sends from; the peer is not told of it
   * @param remote where the peer is; peer-reflexive unless a candidate says better
   * @return whether the policy allows it and there is room
   */
  public boolean addPair(LocalCandidate local, TransportAddress remote, MonotonicTime now) {
    steps.at(now);
    Optional<String> fault =
        fault(local.candidate())
            .or(
                () ->
                    checking.round().refuses(remote)
                        ? Optional.of("the policy leaves the other side out")
                        : Optional.empty())
            .or(
                () ->
                    isSomewhere(remote) && remote.isIpv4() == local.base().address().isIpv4()
                        ? Optional.empty()
                        : Optional.of("it leads nowhere"));
    if (fault.isPresent() || !checking.addPunched(local, remote, now)) {
      String reason = fault.orElse("there are too many");
      steps.tell(() -> new IceStep.LocalRefused(local.candidate(), reason));
      return false;
    }
    return true;
  }

  private static boolean isSomewhere(TransportAddress address) {
    return address.port() != 0
        && !address.ip().isAnyLocalAddress()
        && !address.ip().isMulticastAddress();
  }

  /**
   * A base is gone: its socket is closed, or the relay's allocation has ended. Its pairs end at
   * once, and data goes on over another one that is proven, if there is one.
   *
   * @param base the {@link Base#id}
   * @param reason one line for people
   */
  public void removeLocal(long base, String reason, MonotonicTime now) {
    steps.at(now);
    checking.removeLocal(base, reason, now);
  }

  /** No more candidates of this agent will come in this round (RFC 8838 §13). */
  public void endLocal(MonotonicTime now) {
    steps.at(now);
    checking.endLocal(now);
  }

  /**
   * Takes the peer's description; other credentials than before are a restart of its (RFC 8445 §9).
   *
   * @return whether this agent restarted because of it: it needs candidates again, and the peer is
   *     to be told its new {@link #parameters}
   */
  public boolean remote(IceParameters parameters, MonotonicTime now) {
    steps.at(now);
    return checking.remote(parameters, now);
  }

  /**
   * The same, with the candidates that came with the description: checks go in the order that RFC
   * 8445 §6.1.2.6 gives them, as if all had come at once.
   *
   * @return as {@link #remote(IceParameters, MonotonicTime)}
   */
  public boolean remote(
      IceParameters parameters, Collection<Candidate> candidates, MonotonicTime now) {
    steps.at(now);
    return checking.together(
        () -> {
          boolean restarted = checking.remote(parameters, now);
          if (isWith(parameters)) {
            candidates.forEach(candidate -> addRemote(candidate, now));
          }
          return restarted;
        },
        now);
  }

  /** Whether these credentials of the peer's are the ones in use. */
  public boolean isWith(IceParameters parameters) {
    return checking.isWith(parameters.credentials());
  }

  /**
   * Adds a candidate of the peer whose address is known; others are left out, whoever can resolve
   * their name gives them again.
   *
   * @return whether it can be used
   */
  public boolean addRemote(Candidate candidate, MonotonicTime now) {
    steps.at(now);
    Optional<String> fault = faultOfPeers(candidate);
    if (fault.isEmpty() && checking.addRemote(candidate, candidate.address().known().get(), now)) {
      return true;
    }
    String reason = fault.orElse("there are too many");
    steps.tell(() -> new IceStep.RemoteRefused(candidate, reason));
    return false;
  }

  private Optional<String> faultOfPeers(Candidate candidate) {
    Optional<TransportAddress> address = candidate.address().known();
    if (address.isEmpty()) {
      return Optional.of("its address is not known");
    }
    if (!config.components().contains(candidate.component())) {
      return Optional.of("there is no such component");
    }
    if (address.get().ip().isAnyLocalAddress() || address.get().ip().isMulticastAddress()) {
      return Optional.of("nobody has that address");
    }
    if (!config.policy().allowsRemote(candidate.type())) {
      checking.refuse(address.get());
      return Optional.of("the policy leaves it out");
    }
    return Optional.empty();
  }

  /**
   * No more candidates of the peer will come in this round (RFC 8838 §14). With {@link #endLocal}
   * and {@link #peerBegan} this lets the agent tell early that all is lost.
   */
  public void endRemote(MonotonicTime now) {
    steps.at(now);
    checking.endRemote(now);
  }

  /**
   * The owner knows that the peer has this agent's present description, for example because the
   * peer answered it. An authentic check of the peer shows the same. Until then what fails is tried
   * again and again, within the patience.
   */
  public void peerBegan(MonotonicTime now) {
    steps.at(now);
    checking.peerBegan(now);
  }

  /** The owner was told that the peer gave up: without a path this agent fails at once. */
  public void peerFailed(MonotonicTime now) {
    steps.at(now);
    checking.peerFailed(now);
  }

  /**
   * Mappings of this side's NATs are known to live no longer than this: signs of life on every
   * proven pair come at least three times as often, but not more than once a second. Of several the
   * shortest counts.
   */
  public void mappingLifetime(Duration lifetime, MonotonicTime now) {
    steps.at(now);
    checking.mappingLifetime(lifetime, now);
  }

  /**
   * A server in the Internet answered a request after {@code took}: the shorter that was, the
   * sooner a check that nobody answers is sent again for the first time, after 50 to 150 ms.
   */
  public void serverAnswered(Duration took) {
    checking.sending().answered(took);
  }

  /**
   * The owner suspects the path that data goes on, because data does not get through or nothing
   * comes back: it is asked at once, with what may replace it, and left within a second or two if
   * it does not answer. May be called often: what is asked already is not asked again.
   */
  public void doubt(MonotonicTime now) {
    steps.at(now);
    checking.doubt(now);
  }

  /**
   * Begins anew with other credentials and without candidates; data goes on as before until there
   * is a new path (RFC 8445 §9).
   *
   * @return what the peer is to be told
   */
  public IceParameters restart(MonotonicTime now) {
    steps.at(now);
    checking.restart(now);
    return checking.parameters();
  }

  /** Where a component's data goes; empty while there is no path. */
  public Optional<IcePath> path(ComponentId component) {
    return checking.path(component);
  }

  /**
   * Sends data where {@link #path} says.
   *
   * @return false: there is no path, and it is dropped
   */
  public boolean send(ComponentId component, Bytes data, MonotonicTime now) {
    Optional<IcePath> path = checking.path(component);
    path.ifPresent(
        way -> {
          outputs.add(new Output.Send(way.flow(), data));
          checking.sent(component, now);
        });
    return path.isPresent();
  }

  /** The owner sent data on a component's path by itself; once in a while is enough. */
  public void sent(ComponentId component, MonotonicTime now) {
    checking.sent(component, now);
  }

  /** The owner took data from a flow by itself; once in a while is enough. */
  public void heard(Flow from, MonotonicTime now) {
    steps.at(now);
    checking.heard(from, now);
    checking.settle(now);
  }

  /** Whether data may be taken from this flow: the peer has proven it. */
  public boolean isProven(Flow from) {
    return checking.owner(from).isPresent();
  }

  /**
   * Whether data from this flow is kept until this agent's own check has proven it, since the peer
   * has checked it already. It is told after the path.
   */
  public boolean isAwaited(Flow from) {
    return checking.isPromising(from);
  }

  /** What became of every pair of the present round, best first. */
  public List<PairFate> fates() {
    return checking.fates();
  }

  /** Ends it; the peer will find out, as nobody answers its checks. */
  public void close() {
    checking.close();
  }

  @Override
  public void receive(Flow from, Bytes payload, MonotonicTime now) {
    steps.at(now);
    if (!StunCodec.looksLikeStun(payload)) {
      Optional<ComponentId> owner = checking.owner(from);
      if (owner.isPresent()) {
        checking.heard(from, now);
        events.add(new IceEvent.Received(owner.get(), from, payload));
      } else if (checking.isPromising(from)) {
        early.keep(from, payload);
      } else {
        checking.connections().received(from);
      }
      return;
    }
    Optional<StunPacket> packet = StunCodec.decode(payload).packet();
    if (packet.isPresent()) {
      if (packet.get().message().messageClass() == MessageClass.REQUEST) {
        checking.request(from, packet.get(), now);
      } else if (packet.get().message().messageClass().isResponse()) {
        checking.response(from, packet.get(), now);
      }
      checking.settle(now);
      deliverEarly(now);
    }
    checking.connections().received(from);
  }

  private void deliverEarly(MonotonicTime now) {
    for (Optional<EarlyData.Arrival> next = early.poll(this::fateOf);
        next.isPresent();
        next = early.poll(this::fateOf)) {
      EarlyData.Arrival arrival = next.get();
      checking.heard(arrival.from(), now);
      checking
          .owner(arrival.from())
          .ifPresent(
              owner -> events.add(new IceEvent.Received(owner, arrival.from(), arrival.data())));
    }
  }

  private EarlyData.Fate fateOf(Flow from) {
    if (isProven(from)) {
      return EarlyData.Fate.DELIVER;
    }
    return isAwaited(from) ? EarlyData.Fate.KEEP : EarlyData.Fate.DROP;
  }

  @Override
  public void accept(Input input, MonotonicTime now) {
    steps.at(now);
    if (input instanceof Input.Opened opened) {
      checking.connections().opened(opened.flow(), now);
    } else if (input instanceof Input.Closed closed) {
      checking.connections().closed(closed.id(), closed.detail(), now);
    } else if (input instanceof Input.Unreachable unreachable) {
      checking.unreachable(unreachable.flow(), unreachable.cause());
      checking.settle(now);
    }
  }

  @Override
  public void advance(MonotonicTime now) {
    steps.at(now);
    checking.advance(now);
  }

  @Override
  public Optional<MonotonicTime> nextDeadline() {
    return checking.nextDeadline();
  }

  @Override
  public Optional<Output> pollOutput() {
    return Optional.ofNullable(outputs.poll());
  }

  @Override
  public Optional<IceEvent> pollEvent() {
    return Optional.ofNullable(events.poll());
  }
}
