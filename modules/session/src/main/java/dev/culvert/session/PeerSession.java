package dev.culvert.session;

import dev.culvert.detect.DetectConfig;
import dev.culvert.detect.DetectEvent;
import dev.culvert.detect.DetectMachine;
import dev.culvert.ice.Base;
import dev.culvert.ice.Candidate;
import dev.culvert.ice.CandidateAddress;
import dev.culvert.ice.CandidateType;
import dev.culvert.ice.IceAgent;
import dev.culvert.ice.IceConfig;
import dev.culvert.ice.IceEvent;
import dev.culvert.ice.IcePath;
import dev.culvert.ice.IcePolicy;
import dev.culvert.ice.LocalCandidate;
import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.CloseCause;
import dev.culvert.sansio.Flow;
import dev.culvert.sansio.Input;
import dev.culvert.sansio.Machine;
import dev.culvert.sansio.MonotonicTime;
import dev.culvert.sansio.Output;
import dev.culvert.sansio.Transport;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.stun.MessageClass;
import dev.culvert.stun.StunCodec;
import dev.culvert.stun.StunPacket;
import dev.culvert.stun.TransactionId;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/**
 * A peer without I/O: finds its own candidates once, and connects to any number of other peers over
 * one UDP socket per local address (RFC 8445, RFC 8656).
 *
 * <p>Nothing happens before {@link #gather} or {@link #open}. Confined to one thread. No byte from
 * the network, and nothing that a peer tells, makes it throw.
 */
public final class PeerSession implements Machine<SessionEvent> {
  private final RandomGenerator random;
  private final Desk desk = new Desk();
  private final Gathering gathering;
  private final Switchboard switchboard = new Switchboard();
  private final Streams streams = new Streams(desk);
  private final RemoteNames names = new RemoteNames(desk);
  private final Holes holes = new Holes(desk);
  private Optional<Hosted<DetectEvent>> detection = Optional.empty();
  private Optional<StepWatcher> watcher = Optional.empty();
  private Optional<FlowWatcher> flowWatcher = Optional.empty();
  private Optional<Duration> lifetime = Optional.empty();
  private long dropped;
  private boolean closing;
  private boolean closed;

  /**
   * A peer that has not begun.
   *
   * @param random for credentials and transaction ids; a {@link java.security.SecureRandom} for
   *     anything that meets the Internet
   */
  public PeerSession(SessionConfig config, RandomGenerator random) {
    this.random = random;
    this.gathering = new Gathering(config, desk, random, new Gatherer());
  }

  /** Has every step of the agents of links that are opened from now on told. */
  public void watch(StepWatcher listener) {
    watcher = Optional.of(listener);
  }

  /** Has the flows of links that are opened from now on told, as they change. */
  public void watchFlows(FlowWatcher listener) {
    flowWatcher = Optional.of(listener);
  }

  /** Begins to find candidates, those on relays too, before anybody is to be connected to. */
  public void gather(MonotonicTime now) {
    gathering.begin(true, now);
    settle(now);
  }

  /** What was found and still holds, in the order of finding. */
  public List<Gathered> gathered() {
    return List.copyOf(gathering.current());
  }

  /**
   * Begins with another peer. Candidates that are known are in the {@link PeerLink#description} at
   * once; others are told by {@link SessionEvent.LocalCandidate}.
   */
  public PeerLink open(IceConfig config, MonotonicTime now) {
    IceAgent agent = new IceAgent(config, random, desk::newId);
    while (switchboard.knows(agent.parameters().credentials().ufrag())) {
      agent = new IceAgent(config, random, desk::newId);
    }
    if (lifetime.isPresent()) {
      agent.mappingLifetime(lifetime.get(), now);
    }
    PeerLink link = new PeerLink(this, agent, config.policy());
    watcher.ifPresent(its -> link.agent().watch((at, step) -> its.took(link, at, step)));
    switchboard.listen(link);
    gathering.begin(config.policy() != IcePolicy.DIRECT_ONLY, now);
    offerAll(link, now);
    settle(now);
    return link;
  }

  /** Those that were opened and not closed. */
  public List<PeerLink> links() {
    return List.copyOf(switchboard.links());
  }

  /** This host has other addresses than before: sockets are closed and opened, servers asked. */
  public void use(List<LocalAddress> addresses, MonotonicTime now) {
    gathering.use(addresses, now);
    holes.use(
        addresses.stream().map(LocalAddress::ip).collect(Collectors.toSet()),
        "an address is none of this host any more",
        now);
    holes.links().forEach(switchboard::touch);
    settle(now);
  }

  /**
   * Asks these servers and relays from now on, in place of those before. Allocations that stand are
   * kept; one that is lost is replaced by one of the relay that has the same name, so that it may
   * have other credentials by then.
   */
  public void ask(List<NamedServer> servers, List<Relay> relays, MonotonicTime now) {
    gathering.ask(servers, relays, now);
    settle(now);
  }

  /**
   * Tells of a mapping that the NAT was asked for (RFC 6887, RFC 6886, UPnP).
   *
   * @param local the address of this host whose socket it leads to
   * @param outside where it is reached
   * @param by who granted it, for people
   */
  public void mapped(InetAddress local, TransportAddress outside, String by, MonotonicTime now) {
    gathering.mapped(local, outside, by, now);
    settle(now);
  }

  /** The sockets' own addresses, for whoever asks the NAT for a mapping. */
  public List<TransportAddress> sockets() {
    return gathering.bases().map(base -> base.address()).toList();
  }

  /** Measures what NATs stand in between, on sockets of its own; ends a measurement before. */
  public void detect(DetectConfig config, MonotonicTime now) {
    detection.ifPresent(Hosted::close);
    Hosted<DetectEvent> fresh =
        new Hosted<>(new DetectMachine(config, random), desk, this::detected);
    detection = Optional.of(fresh);
    fresh.advance(now);
    settle(now);
  }

  private void detected(DetectEvent event, MonotonicTime now) {
    if (event instanceof DetectEvent.Finished finished) {
      finished.report().paths().stream()
          .filter(path -> !path.outlivesTest().value().orElse(true))
          .flatMap(path -> path.lifetime().value().stream())
          .forEach(seen -> mappingLifetime(seen, now));
      desk.tell(new SessionEvent.Detected(finished.report()));
    } else if (event instanceof DetectEvent.Progress progress) {
      desk.tell(new SessionEvent.Detecting(progress.text()));
    }
  }

  /**
   * Mappings of this side's NATs are known to live no longer than this, for whoever has measured it
   * elsewhere: signs of life come at least three times as often. {@link #detect} with slow tests
   * finds it out by itself.
   */
  public void mappingLifetime(Duration longest, MonotonicTime now) {
    if (lifetime.filter(known -> known.compareTo(longest) <= 0).isPresent()) {
      return;
    }
    lifetime = Optional.of(longest);
    gathering.mappingLifetime(longest);
    for (PeerLink link : links()) {
      link.agent().mappingLifetime(longest, now);
      switchboard.touch(link);
    }
    settle(now);
  }

  /** Datagrams and messages that were nobody's. */
  public long dropped() {
    return dropped;
  }

  /** Ends all links and gives allocations back; {@link SessionEvent.Closed} is the last event. */
  public void close(MonotonicTime now) {
    if (!closing) {
      closing = true;
      links().forEach(link -> link.close(now));
      detection.ifPresent(Hosted::close);
      detection = Optional.empty();
      streams.closeAll();
      gathering.close(now);
      settle(now);
    }
  }

  @Override
  public void receive(Flow from, Bytes payload, MonotonicTime now) {
    if (detection.filter(its -> its.has(from.id())).isPresent()) {
      detection.get().receive(from, payload, now);
    } else if (gathering.takeFromRelay(from, payload, now)) {
      gathering.drain(now);
    } else if (streams.has(from.id())) {
      streams.take(from, payload).forEach(message -> deliver(from, message, now));
    } else if (gathering.hasSocket(from.id()) || holes.hasSocket(from.id())) {
      deliver(from, payload, now);
    }
    settle(now);
  }

  /** Tells apart what came by its first byte (RFC 7983 §7), then whom it is for. */
  private void deliver(Flow from, Bytes message, MonotonicTime now) {
    Optional<PeerLink> link = Optional.empty();
    if (StunCodec.looksLikeStun(message)) {
      Optional<StunPacket> packet = StunCodec.decode(message).packet();
      if (packet.isPresent()) {
        if (gathering.takeFromServer(from, packet.get(), now)) {
          return;
        }
        link = owner(from, packet.get(), now);
      }
    } else {
      link = switchboard.ofData(from);
    }
    if (link.isEmpty()) {
      dropped++;
      streams.distrust(from.id());
      return;
    }
    link.get().agent().receive(from, message, now);
    switchboard.heard(link.get(), from);
    switchboard.touch(link.get());
  }

  private Optional<PeerLink> owner(Flow from, StunPacket packet, MonotonicTime now) {
    MessageClass kind = packet.message().messageClass();
    if (kind == MessageClass.REQUEST) {
      Optional<PeerLink> link = switchboard.ofRequest(packet.message());
      link.filter(its -> streams.belongs(from.id(), its))
          .ifPresent(its -> its.agent().accept(new Input.Opened(from), now));
      return link;
    }
    return kind.isResponse()
        ? switchboard.ofResponse(packet.message().transactionId())
        : switchboard.ofData(from);
  }

  @Override
  public void accept(Input input, MonotonicTime now) {
    detection.ifPresent(its -> its.accept(input, now));
    gathering.accept(input, now);
    if (input instanceof Input.Opened opened) {
      if (opened.flow().id() < 0) {
        streams.accepted(opened.flow(), now);
      }
      tell(opened.flow().id(), input, now);
    } else if (input instanceof Input.Closed gone) {
      tell(gone.id(), input, now);
      streams.forget(gone.id());
    } else if (input instanceof Input.Answered answered) {
      names.accept(answered).ifPresent(each -> each.link().addRemote(each.candidate(), now));
    } else if (input instanceof Input.Unreachable unreachable) {
      unreachable(unreachable, now);
    } else if (input instanceof Input.Writable writable) {
      streams.room(writable.id(), writable.writable());
      // It may be the connection of a tunnel, which any of them uses.
      links().forEach(switchboard::touch);
    }
    settle(now);
  }

  private void tell(long connection, Input input, MonotonicTime now) {
    streams
        .link(connection)
        .ifPresent(
            link -> {
              link.agent().accept(input, now);
              switchboard.touch(link);
            });
  }

  private void unreachable(Input.Unreachable unreachable, MonotonicTime now) {
    for (PeerLink link : links()) {
      link.agent().accept(unreachable, now);
      switchboard.touch(link);
    }
  }

  @Override
  public void advance(MonotonicTime now) {
    streams.advance(now);
    detection.ifPresent(its -> its.advance(now));
    gathering.advance(now);
    for (PeerLink link : switchboard.pollDue(now)) {
      link.agent().advance(now);
      switchboard.touch(link);
    }
    settle(now);
  }

  @Override
  public Optional<MonotonicTime> nextDeadline() {
    List<MonotonicTime> all = new ArrayList<>();
    detection.flatMap(Hosted::nextDeadline).ifPresent(all::add);
    gathering.nextDeadline().ifPresent(all::add);
    streams.nextDeadline().ifPresent(all::add);
    switchboard.nextDeadline().ifPresent(all::add);
    return all.stream().min(Comparator.naturalOrder());
  }

  @Override
  public Optional<Output> pollOutput() {
    return desk.pollOutput();
  }

  @Override
  public Optional<SessionEvent> pollEvent() {
    return desk.pollEvent();
  }

  /** Carries out what the parts want done, until none wants anything. */
  private void settle(MonotonicTime now) {
    boolean busy = true;
    while (busy) {
      busy = gathering.drain(now);
      if (detection.isPresent()) {
        busy |= detection.get().drain(now);
      }
      for (Optional<PeerLink> link = switchboard.pollTouched();
          link.isPresent();
          link = switchboard.pollTouched()) {
        busy = true;
        drain(link.get(), now);
      }
      gathering.settle(now);
    }
    if (closing && !closed && gathering.isClosed()) {
      closed = true;
      desk.tell(new SessionEvent.Closed());
    }
  }

  private void drain(PeerLink link, MonotonicTime now) {
    IceAgent agent = link.agent();
    for (Optional<Output> next = agent.pollOutput(); next.isPresent(); next = agent.pollOutput()) {
      carry(link, next.get(), now);
    }
    for (Optional<IceEvent> next = agent.pollEvent(); next.isPresent(); next = agent.pollEvent()) {
      desk.tell(new SessionEvent.Ice(link, next.get()));
    }
    switchboard.rearm(link);
    flowWatcher.ifPresent(its -> tellFlows(link, its));
  }

  private void tellFlows(PeerLink link, FlowWatcher its) {
    Set<Flow> proven =
        switchboard.dataOf(link).stream().filter(this::isDirect).collect(Collectors.toSet());
    Optional<Flow> used = link.path().map(IcePath::flow);
    boolean room =
        used.map(flow -> streams.hasRoom(flow.id()) && gathering.hasRoom(flow)).orElse(true);
    DirectFlows flows = new DirectFlows(proven, used.filter(this::isDirect), room);
    if (!flows.equals(link.flows())) {
      link.flows(flows);
      its.changed(link, flows);
    }
  }

  private boolean isDirect(Flow flow) {
    return holes.hasSocket(flow.id()) || gathering.isDirect(flow);
  }

  private void carry(PeerLink link, Output output, MonotonicTime now) {
    if (output instanceof Output.Send send) {
      Bytes payload = send.payload();
      if (StunCodec.looksLikeStun(payload) && Switchboard.isRequest(payload)) {
        switchboard.asked(link, TransactionId.of(payload.slice(8, 20)), now);
      }
      if (send.flow().transport().isStream()) {
        streams.send(send.flow(), payload);
      } else if (!gathering.send(send.flow(), payload, now)) {
        desk.put(output);
      }
      return;
    }
    if (output instanceof Output.Open open) {
      streams.opening(open.id(), link, now);
    } else if (output instanceof Output.Close close) {
      streams.forget(close.id());
    }
    desk.put(output);
  }

  // What follows is for the links.

  /** Its owner did something with it. */
  void changed(PeerLink link, MonotonicTime now) {
    switchboard.touch(link);
    settle(now);
  }

  boolean adopt(PeerLink link, Flow opened, MonotonicTime now) {
    TransportAddress local = opened.local();
    boolean sound = opened.transport() == Transport.UDP && !local.ip().isAnyLocalAddress();
    if (!sound || closing || !switchboard.links().contains(link)) {
      return false;
    }
    Base base = new Base(opened.id(), Transport.UDP, local);
    boolean added =
        holes.add(
            link,
            gathering.punched(base),
            base,
            opened.remote(),
            gathering.hasSocket(opened.id()),
            now);
    changed(link, now);
    return added;
  }

  void resolve(
      PeerLink link, Candidate candidate, CandidateAddress.Named named, MonotonicTime now) {
    names.resolve(link, candidate, named);
    settle(now);
  }

  /** A link has new credentials, and needs its candidates again. */
  void restarted(PeerLink link, MonotonicTime now) {
    switchboard.listen(link);
    link.beginAnew();
    desk.tell(new SessionEvent.Restarted(link));
    gathering.begin(link.policy() != IcePolicy.DIRECT_ONLY, now);
    offerAll(link, now);
  }

  void closed(PeerLink link, MonotonicTime now) {
    drain(link, now);
    switchboard.remove(link);
    streams.forget(link);
    names.forget(link);
    holes.forget(link);
    settle(now);
  }

  private void offerAll(PeerLink link, MonotonicTime now) {
    for (Gathered each : List.copyOf(gathering.current())) {
      offer(link, each, now);
    }
    holes.again(link, now);
    if (gathering.isSettled()) {
      complete(link, now);
    }
    switchboard.touch(link);
  }

  /** Whether the link's policy allows to use it. */
  private boolean offer(PeerLink link, Gathered gathered, MonotonicTime now) {
    if (gathered.candidate().type() == CandidateType.SERVER_REFLEXIVE) {
      link.agent().serverAnswered(gathered.took());
    }
    boolean allowed =
        link.agent().addLocal(new LocalCandidate(gathered.candidate(), gathered.base()), now);
    Optional<Candidate> tellable =
        allowed && !link.isComplete() ? gathering.tellable(gathered) : Optional.empty();
    if (tellable.isPresent()) {
      Candidate candidate =
          link.policy() == IcePolicy.RELAY_ONLY ? tellable.get().withoutRelated() : tellable.get();
      link.told(candidate);
      desk.tell(new SessionEvent.LocalCandidate(link, candidate));
    }
    switchboard.touch(link);
    return allowed;
  }

  private void complete(PeerLink link, MonotonicTime now) {
    if (!link.isComplete()) {
      link.completed(now);
      desk.tell(new SessionEvent.LocalCandidatesEnd(link));
      switchboard.touch(link);
    }
  }

  private final class Gatherer implements Gathering.Listener {
    @Override
    public void found(Gathered gathered, MonotonicTime now) {
      for (PeerLink link : links()) {
        boolean late = link.isComplete();
        // A path that stands finds out by itself what a NAT made of it; another interface it does
        // not.
        boolean useful = gathered.candidate().type() == CandidateType.HOST || !link.isConnected();
        if (offer(link, gathered, now) && late && useful) {
          desk.tell(new SessionEvent.RestartAdvised(link, "there is a new address"));
        }
      }
    }

    @Override
    public void settled(MonotonicTime now) {
      links().forEach(link -> complete(link, now));
    }

    @Override
    public boolean isWaiting() {
      return switchboard.isAnybodyWaiting();
    }

    @Override
    public void received(Flow from, Bytes data, MonotonicTime now) {
      deliver(from, data, now);
    }

    @Override
    public void unreachable(Flow flow, CloseCause cause, MonotonicTime now) {
      PeerSession.this.unreachable(new Input.Unreachable(flow, cause), now);
    }

    @Override
    public void lost(long baseId, String reason, MonotonicTime now) {
      for (PeerLink link : links()) {
        link.agent().removeLocal(baseId, reason, now);
        switchboard.touch(link);
        desk.tell(new SessionEvent.RestartAdvised(link, reason));
      }
    }
  }
}
