package dev.culvert.ice;

import dev.culvert.natsim.Host;
import dev.culvert.natsim.Resident;
import dev.culvert.natsim.World;
import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.Flow;
import dev.culvert.sansio.Input;
import dev.culvert.sansio.IpLiterals;
import dev.culvert.sansio.Machine;
import dev.culvert.sansio.MonotonicTime;
import dev.culvert.sansio.Output;
import dev.culvert.sansio.Transport;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.stun.ClientRequest;
import dev.culvert.stun.ClientTransactions;
import dev.culvert.stun.MessageClass;
import dev.culvert.stun.StunCodec;
import dev.culvert.stun.StunMessage;
import dev.culvert.stun.StunPacket;
import dev.culvert.stun.TransactionOutcome;
import dev.culvert.stun.attribute.XorMappedAddress;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * An agent on a simulated host: gathers host and server-reflexive candidates, and trickles them.
 */
final class SimAgent implements Machine<IceEvent> {
  final List<IceEvent> events = new ArrayList<>();
  final List<Output.Send> sent = new ArrayList<>();
  final Resident<IceEvent> seat;
  final IceAgent agent;
  private final World world;
  private final InetAddress ip;
  private final Optional<TransportAddress> server;
  private final ClientTransactions stun;
  private final Queue<Output> outputs = new ArrayDeque<>();
  private final List<Candidate> told = new ArrayList<>();
  private Consumer<Consumer<SimAgent>> toPeer = action -> {};
  private final Set<InetAddress> dead = new HashSet<>();
  private final Optional<InetAddress> relay;
  final List<IceStep> steps = new ArrayList<>();
  private boolean begun;

  /** Whether owners tell each other how far their agents are. */
  boolean talkative = true;

  private boolean ended;

  /** Which TCP candidates it has; {@link #withTcp}. */
  private List<TcpType> tcp = List.of();

  private boolean udp = true;
  private Optional<InetAddress> outside = Optional.empty();
  final List<Output> connecting = new ArrayList<>();
  boolean udpIsDead;

  /** What leaves and never arrives. */
  Predicate<Output.Send> swallowed = send -> false;

  /** Whether it is of a make that pads nothing, as the other side sees it. */
  boolean isPlain;

  private int open;
  private long opened;
  private long socket;

  SimAgent(
      World world, Host host, InetAddress ip, Optional<TransportAddress> server, IceConfig config) {
    this(world, host, ip, server, Optional.empty(), config);
  }

  /** One with a second address, which it takes for a relayed one. */
  SimAgent(
      World world,
      Host host,
      InetAddress ip,
      Optional<TransportAddress> server,
      Optional<InetAddress> relay,
      IceConfig config) {
    this.relay = relay;
    this.world = world;
    this.ip = ip;
    this.server = server;
    this.stun = new ClientTransactions(world.newRandom(), 4);
    this.agent = new IceAgent(config, world.newRandom(), () -> 100 + ++opened);
    agent.watch((now, step) -> steps.add(step));
    this.seat = host.run(this, events::add);
  }

  /** One with TCP candidates; its NAT, if there is one, keeps ports. */
  static SimAgent withTcp(
      World world,
      Host host,
      InetAddress ip,
      Optional<InetAddress> outside,
      boolean udp,
      IceConfig config,
      TcpType... types) {
    return new SimAgent(world, host, ip, outside, udp, config, List.of(types));
  }

  private SimAgent(
      World world,
      Host host,
      InetAddress ip,
      Optional<InetAddress> outside,
      boolean udp,
      IceConfig config,
      List<TcpType> types) {
    this.relay = Optional.empty();
    this.world = world;
    this.ip = ip;
    this.server = Optional.empty();
    this.stun = new ClientTransactions(world.newRandom(), 4);
    this.agent = new IceAgent(config, world.newRandom(), () -> 100 + ++opened);
    this.tcp = types;
    this.udp = udp;
    this.outside = outside;
    agent.watch((now, step) -> steps.add(step));
    this.seat = host.run(this, events::add);
  }

  /** The address of its host, not the one that it takes for relayed. */
  InetAddress agentIp() {
    return ip;
  }

  /** Nothing leaves or comes by this address any more, or does again. */
  void kill(InetAddress address, boolean isDead) {
    if (isDead) {
      dead.add(address);
    } else {
      dead.remove(address);
    }
  }

  /** Both begin to tell each other what they find; each message takes {@code signalling}. */
  static void meet(SimAgent a, SimAgent b, Duration signalling) {
    a.meets(b, signalling);
    b.meets(a, signalling);
  }

  /** This one begins to tell the other. */
  void meets(SimAgent peer, Duration signalling) {
    toPeer =
        action -> world.schedule(signalling, () -> peer.seat.execute(now -> action.accept(peer)));
    seat.execute(now -> describe());
  }

  private void describe() {
    IceParameters own = isPlain ? plain(agent.parameters()) : agent.parameters();
    toPeer.accept(peer -> peer.hear(own));
    told.forEach(this::tell);
    if (ended && talkative) {
      toPeer.accept(peer -> peer.agent.endRemote(world.now()));
    }
  }

  private static IceParameters plain(IceParameters all) {
    Set<String> options =
        all.options().stream()
            .filter(option -> !option.equals(IceParameters.PADDED))
            .collect(Collectors.toSet());
    return new IceParameters(all.credentials(), all.lite(), options, all.pacing(), all.answering());
  }

  private void tell(Candidate candidate) {
    toPeer.accept(peer -> peer.agent.addRemote(candidate, world.now()));
  }

  private void hear(IceParameters description) {
    if (agent.remote(description, world.now())) {
      beginAnew(world.now());
    }
    if (talkative) {
      toPeer.accept(peer -> peer.agent.peerBegan(world.now()));
    }
  }

  void restart() {
    seat.execute(
        now -> {
          agent.restart(now);
          beginAnew(now);
        });
  }

  private void beginAnew(MonotonicTime now) {
    told.clear();
    ended = false;
    begun = false;
    describe();
    advance(now);
  }

  void send(String text) {
    seat.execute(now -> agent.send(ComponentId.ONLY, Bytes.utf8(text), now));
  }

  <E extends IceEvent> List<E> told(Class<E> kind) {
    return events.stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  <S extends IceStep> List<S> steps(Class<S> kind) {
    return steps.stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  long closes() {
    return connecting.stream().filter(Output.Close.class::isInstance).count();
  }

  /** Where its only TCP candidate listens. */
  TransportAddress listening() {
    return told.get(0).address().known().orElseThrow();
  }

  List<String> texts() {
    return told(IceEvent.Received.class).stream().map(each -> each.data().utf8()).toList();
  }

  Optional<IcePath> path() {
    return agent.path(ComponentId.ONLY);
  }

  @Override
  public void receive(Flow from, Bytes payload, MonotonicTime now) {
    if (dead.contains(from.local().ip())) {
      return;
    }
    Optional<StunPacket> response =
        StunCodec.decode(payload)
            .packet()
            .filter(packet -> packet.message().messageClass() != MessageClass.REQUEST);
    if (response.filter(packet -> stun.receive(from, packet, now)).isPresent()) {
      settle(now);
    } else {
      agent.receive(from, payload, now);
    }
  }

  private void settle(MonotonicTime now) {
    for (Optional<TransactionOutcome> next = stun.pollOutcome();
        next.isPresent();
        next = stun.pollOutcome()) {
      if (next.get() instanceof TransactionOutcome.Responded responded) {
        Flow flow = responded.request().flow();
        responded
            .response()
            .message()
            .first(XorMappedAddress.class)
            .map(XorMappedAddress::address)
            .filter(mapped -> !mapped.equals(flow.local()))
            .ifPresent(mapped -> add(CandidateType.SERVER_REFLEXIVE, mapped, flow, now));
      }
      end(now);
    }
  }

  private void add(CandidateType type, TransportAddress address, Flow flow, MonotonicTime now) {
    Candidate candidate =
        new Candidate(
            type.word(),
            ComponentId.ONLY,
            Transport.UDP,
            Priorities.of(type, Priorities.ONLY_ADDRESS, 1),
            new CandidateAddress.Ip(address),
            type,
            Optional.empty(),
            Optional.empty());
    Base base = new Base(flow.id(), Transport.UDP, flow.local());
    if (agent.addLocal(new LocalCandidate(candidate, base), now)) {
      told.add(candidate);
      tell(candidate);
    }
  }

  /** A candidate of somebody. */
  static Candidate host(String ip, int port) {
    return new Candidate(
        "somebody",
        ComponentId.ONLY,
        Transport.UDP,
        Priorities.of(CandidateType.HOST, Priorities.ONLY_ADDRESS, 1),
        new CandidateAddress.Ip(new TransportAddress(IpLiterals.parse(ip).orElseThrow(), port)),
        CandidateType.HOST,
        Optional.empty(),
        Optional.empty());
  }

  private void end(MonotonicTime now) {
    if (--open > 0) {
      return;
    }
    ended = true;
    agent.endLocal(now);
    if (talkative) {
      toPeer.accept(peer -> peer.agent.endRemote(world.now()));
    }
  }

  @Override
  public void accept(Input input, MonotonicTime now) {
    if (input instanceof Input.Bound bound && bound.id() >= 50) {
      TcpType type = tcp.get((int) bound.id() - 50);
      Base base = new Base(bound.id(), Transport.TCP, bound.local());
      addTcp(CandidateType.HOST, type, bound.local(), base, now);
      outside.ifPresent(
          nat ->
              addTcp(
                  CandidateType.SERVER_REFLEXIVE,
                  type,
                  new TransportAddress(nat, bound.local().port()),
                  base,
                  now));
      end(now);
    } else if (input instanceof Input.Bound bound) {
      TransportAddress any = server.orElse(bound.local());
      Flow flow = new Flow(bound.id(), Transport.UDP, bound.local(), any);
      boolean relayed = relay.filter(bound.local().ip()::equals).isPresent();
      add(relayed ? CandidateType.RELAYED : CandidateType.HOST, bound.local(), flow, now);
      if (server.isPresent() && !relayed) {
        stun.start(ClientRequest.binding(flow, stun.newTransactionId()), now);
      } else {
        end(now);
      }
    }
    agent.accept(input, now);
  }

  @Override
  public void advance(MonotonicTime now) {
    if (!begun) {
      begun = true;
      if (udp) {
        bind(ip);
      }
      relay.ifPresent(this::bind);
      bindTcp(now);
    }
    stun.advance(now);
    settle(now);
    agent.advance(now);
  }

  private void bindTcp(MonotonicTime now) {
    open += tcp.size();
    for (int i = 0; i < tcp.size(); i++) {
      if (tcp.get(i) == TcpType.ACTIVE) {
        TransportAddress any = new TransportAddress(ip, 9);
        addTcp(CandidateType.HOST, TcpType.ACTIVE, any, new Base(0, Transport.TCP, any), now);
        end(now);
      } else {
        outputs.add(new Output.Listen(50 + i, new TransportAddress(ip, 0)));
      }
    }
  }

  private void addTcp(
      CandidateType type, TcpType tcpType, TransportAddress address, Base base, MonotonicTime now) {
    Candidate candidate =
        new Candidate(
            "tcp" + type.word() + tcpType.word(),
            ComponentId.ONLY,
            Transport.TCP,
            Priorities.of(type, tcpType, 8191, 1),
            new CandidateAddress.Ip(address),
            type,
            Optional.empty(),
            Optional.of(tcpType));
    if (agent.addLocal(new LocalCandidate(candidate, base), now)) {
      told.add(candidate);
      tell(candidate);
    }
  }

  private void bind(InetAddress address) {
    open++;
    outputs.add(new Output.Bind(++socket, new TransportAddress(address, 0)));
  }

  @Override
  public Optional<MonotonicTime> nextDeadline() {
    Optional<MonotonicTime> one = stun.nextDeadline();
    Optional<MonotonicTime> other = agent.nextDeadline();
    return one.filter(at -> other.isEmpty() || at.isBefore(other.get())).or(() -> other);
  }

  @Override
  public Optional<Output> pollOutput() {
    Optional<Output> next =
        Optional.<Output>ofNullable(outputs.poll())
            .or(() -> stun.pollSend().map(Output.class::cast));
    if (next.isPresent()) {
      return next;
    }
    for (Optional<Output> send = agent.pollOutput(); send.isPresent(); send = agent.pollOutput()) {
      if (!(send.get() instanceof Output.Send leaving)) {
        connecting.add(send.get());
        return send;
      }
      boolean cut = udpIsDead && leaving.flow().transport() == Transport.UDP;
      if (!cut && !dead.contains(leaving.flow().local().ip())) {
        sent.add(leaving);
        if (swallowed.test(leaving)) {
          continue;
        }
        return send;
      }
    }
    return Optional.empty();
  }

  @Override
  public Optional<IceEvent> pollEvent() {
    return agent.pollEvent();
  }

  /** Checks sent, repeated ones counted each time. */
  long requests() {
    return sent.stream().filter(SimAgent::isRequest).count();
  }

  static boolean isRequest(Output.Send send) {
    return StunCodec.decode(send.payload())
        .packet()
        .map(StunPacket::message)
        .map(StunMessage::messageClass)
        .filter(MessageClass.REQUEST::equals)
        .isPresent();
  }
}
