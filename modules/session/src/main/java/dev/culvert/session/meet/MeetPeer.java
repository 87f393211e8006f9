package dev.culvert.session.meet;

import dev.culvert.ice.IceConfig;
import dev.culvert.ice.IceEvent;
import dev.culvert.ice.IceRole;
import dev.culvert.ice.IceState;
import dev.culvert.ice.text.IceDescription;
import dev.culvert.ice.text.IceJson;
import dev.culvert.ice.text.IceTextException;
import dev.culvert.identity.PeerId;
import dev.culvert.identity.PeerKey;
import dev.culvert.identity.Signed;
import dev.culvert.punch.PunchPlan;
import dev.culvert.rendezvous.KnownNode;
import dev.culvert.rendezvous.call.AcceptPolicy;
import dev.culvert.rendezvous.call.CallEnd;
import dev.culvert.rendezvous.call.CallEvent;
import dev.culvert.rendezvous.call.CallOutput;
import dev.culvert.rendezvous.call.Calls;
import dev.culvert.rendezvous.client.AttachmentEvent;
import dev.culvert.rendezvous.client.Attachments;
import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.Deadlines;
import dev.culvert.sansio.Flow;
import dev.culvert.sansio.Input;
import dev.culvert.sansio.Machine;
import dev.culvert.sansio.MonotonicTime;
import dev.culvert.sansio.Output;
import dev.culvert.session.LocalAddress;
import dev.culvert.session.NamedServer;
import dev.culvert.session.PeerLink;
import dev.culvert.session.PeerSession;
import dev.culvert.session.Relay;
import dev.culvert.session.SessionEvent;
import java.net.InetAddress;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/**
 * A peer that is found through nodes, calls others and is called, and gets a path to each: {@link
 * Attachments}, {@link Calls} and a {@link PeerSession} put together.
 *
 * <p>Sockets are opened, servers asked and candidates told for nobody before both sides have agreed
 * on a call. Once there is a path it needs no node.
 */
public final class MeetPeer implements Machine<MeetEvent> {
  private static final long PUNCH_FROM = 1L << 39;
  private static final long NODES_FROM = 1L << 40;
  private static final long NAMES_FROM = 1L << 41;
  private static final long LINKS_FROM = 1L << 42;

  private final MeetConfig config;
  private final Attachments attachments;
  private final Calls calls;
  private final Carrier carrier;
  private final PeerSession session;
  private final NodeServers servers = new NodeServers(NAMES_FROM);
  private final Neighbourhood neighbourhood = new Neighbourhood(LINKS_FROM);
  private final Punching punching;
  private final Queue<MeetEvent> events = new ArrayDeque<>();
  private final Map<Long, Conversation> conversations = new LinkedHashMap<>();
  private final Map<PeerLink, Conversation> byLink = new HashMap<>();
  private final Deadlines<Conversation> waiting = new Deadlines<>();
  private final Set<Conversation> changed = new LinkedHashSet<>();
  private final Set<PeerLink> advised = new LinkedHashSet<>();
  private long malformed;
  private boolean blocks;
  private boolean closing;
  private boolean nodesLeft;
  private boolean sessionLeft;

  /**
   * A peer that knows no node yet.
   *
   * @param key its own
   * @param random for keys, sessions and credentials; a {@link java.security.SecureRandom} for
   *     anything but a simulation
   * @param clock for the ends of validity; those of nodes correct it
   */
  public MeetPeer(MeetConfig config, PeerKey key, RandomGenerator random, InstantSource clock) {
    this.config = config;
    this.attachments = new Attachments(config.attachments(), key, NODES_FROM, random, clock);
    this.calls =
        new Calls(
            key,
            config.calls(),
            config.accepts(),
            attachments::sealingKeys,
            random,
            attachments::time);
    this.carrier = new Carrier(attachments, calls);
    this.session = new PeerSession(config.session(), random);
    this.punching =
        new Punching(
            PUNCH_FROM,
            config.punch(),
            config.ice(),
            config.session().addresses(),
            random,
            new Punched());
    punching.ask(config.session().servers(), config.session().relays(), new MonotonicTime(0));
  }

  /** Its hold on nodes, to be looked at; what is done with it is done here. */
  public Attachments attachments() {
    return attachments;
  }

  /** Its sockets and links, to be looked at; it is closed by {@link #close}. */
  public PeerSession session() {
    return session;
  }

  /** Descriptions of peers that were none. */
  public long malformed() {
    return malformed;
  }

  /** Adds nodes, or none, and joins; looks for further ones nearby if it is to. */
  public void know(Collection<KnownNode> nodes, MonotonicTime now) {
    if (!blocks) {
      block(config.accepts(), now);
    }
    lookAround();
    attachments.know(nodes, now);
    settle(now);
  }

  /** Who may call from now on. */
  public void policy(AcceptPolicy policy, MonotonicTime now) {
    calls.policy(policy);
    block(policy, now);
    settle(now);
  }

  private void block(AcceptPolicy policy, MonotonicTime now) {
    blocks = true;
    // What is more than nodes keep away is refused here.
    attachments.block(policy.blocked().stream().limit(256).toList(), now);
  }

  /**
   * Calls a peer, see {@link Calls#call}.
   *
   * @param secret of the peer's invite, if there is one
   * @return names the call
   */
  public long call(PeerId peer, Optional<Bytes> secret, MonotonicTime now) {
    long call = calls.call(peer, secret, now);
    settle(now);
    return call;
  }

  /**
   * Says yes to a call about which was asked.
   *
   * @return false: it is over, or decided
   */
  public boolean accept(long call, MonotonicTime now) {
    boolean accepted = calls.accept(call, now);
    settle(now);
    return accepted;
  }

  /** Says no to a call about which was asked. */
  public void decline(long call, MonotonicTime now) {
    calls.decline(call, now);
    settle(now);
  }

  /** Ends a call, however far it has come. */
  public void hangUp(long call, MonotonicTime now) {
    calls.hangUp(call, CallEnd.CLOSED, now);
    settle(now);
  }

  /** The link of a call; empty before {@link MeetEvent.Opened} and after its end. */
  public Optional<PeerLink> link(long call) {
    return Optional.ofNullable(conversations.get(call)).map(Conversation::link);
  }

  /** Whether a call's data goes without a relay; false while there is no path. */
  public boolean isDirect(long call) {
    return punching.isDirect(call);
  }

  /** The plan that punched the path of a call's data; empty for one that ICE found by itself. */
  public Optional<PunchPlan.Kind> plan(long call) {
    return punching.plan(call);
  }

  /** Sends a datagram over a call's path; false if there is none, and it is dropped. */
  public boolean send(long call, Bytes data, MonotonicTime now) {
    boolean sent = link(call).filter(its -> its.send(data, now)).isPresent();
    settle(now);
    return sent;
  }

  /** This host has other addresses than before. */
  public void use(List<LocalAddress> addresses, MonotonicTime now) {
    session.use(addresses, now);
    punching.use(addresses, now);
    attachments.networkChanged(now);
    lookAround();
    settle(now);
  }

  /**
   * Lets others on the links of these addresses of this host find the node that this peer runs, by
   * multicast DNS (RFC 6763), in place of what it said before.
   *
   * @param port where it takes WebSockets over TLS
   * @param on empty: nowhere any more
   */
  public void showAround(int port, List<InetAddress> on, MonotonicTime now) {
    neighbourhood.show(attachments.peer(), port, on);
    settle(now);
  }

  private void lookAround() {
    if (config.looksAround()) {
      neighbourhood.look();
    }
  }

  /**
   * Tells the nodes that it is attached to that it serves as one, too, see {@link
   * Attachments#announce}.
   */
  public void announce(Optional<Signed> record, MonotonicTime now) {
    attachments.announce(record, now);
    settle(now);
  }

  /** Something was done with a link or with {@link #session} by its owner. */
  public void touched(MonotonicTime now) {
    settle(now);
  }

  /** Ends all calls, tells those who are concerned, and lets the nodes go. */
  public void close(MonotonicTime now) {
    if (!closing) {
      closing = true;
      calls.closeAll(now);
      settle(now);
      attachments.drain(now);
      session.close(now);
      settle(now);
    }
  }

  @Override
  public void receive(Flow from, Bytes payload, MonotonicTime now) {
    if (from.id() >= NODES_FROM) {
      attachments.receive(from, payload, now);
    } else if (!punching.receive(from, payload, now)) {
      session.receive(from, payload, now);
    }
    settle(now);
  }

  @Override
  public void accept(Input input, MonotonicTime now) {
    long id = Ids.of(input);
    if (neighbourhood.owns(id)) {
      attachments.know(neighbourhood.accept(input, now), now);
    } else if (servers.owns(id)) {
      if (input instanceof Input.Answered answered) {
        servers.accept(answered);
        ask(now);
      }
    } else if (id >= NODES_FROM) {
      attachments.accept(input, now);
    } else {
      punching.accept(input, now);
      session.accept(input, now);
    }
    settle(now);
  }

  @Override
  public void advance(MonotonicTime now) {
    // Paths that stand come first: nodes are strangers, and what they said is none of their
    // concern.
    session.advance(now);
    punching.advance(now);
    calls.advance(now);
    attachments.advance(now);
    neighbourhood.advance(!closing && attachments.attached().isEmpty(), now);
    for (Conversation each : waiting.poll(now)) {
      if (each.hopeless().filter(end -> !now.isBefore(end)).isPresent()) {
        calls.hangUp(each.call(), CallEnd.NO_PATH, now);
      } else {
        each.advance(calls.isHeard(each.call()), now);
        waiting.set(each, each.nextDeadline());
      }
    }
    settle(now);
  }

  @Override
  public Optional<MonotonicTime> nextDeadline() {
    Stream<Optional<MonotonicTime>> all =
        Stream.concat(
            Stream.of(
                attachments.nextDeadline(),
                calls.nextDeadline(),
                session.nextDeadline(),
                punching.nextDeadline(),
                neighbourhood.nextDeadline(),
                waiting.next()),
            changed.stream().map(its -> Optional.of(its.tellFrom())));
    return all.flatMap(Optional::stream).min(Comparator.naturalOrder());
  }

  @Override
  public Optional<Output> pollOutput() {
    return session
        .pollOutput()
        .or(punching::pollOutput)
        .or(attachments::pollOutput)
        .or(servers::pollOutput)
        .or(neighbourhood::pollOutput);
  }

  @Override
  public Optional<MeetEvent> pollEvent() {
    return Optional.ofNullable(events.poll());
  }

  /** Passes on what the parts have for each other, until none has anything. */
  private void settle(MonotonicTime now) {
    boolean busy = true;
    while (busy) {
      Optional<CallOutput> output = calls.pollOutput();
      output.ifPresent(its -> carrier.carry(its, now));
      Optional<CallEvent> call = calls.pollEvent();
      call.ifPresent(its -> take(its, now));
      Optional<SessionEvent> path = session.pollEvent();
      path.ifPresent(its -> take(its, now));
      Optional<AttachmentEvent> node = attachments.pollEvent();
      node.ifPresent(its -> take(its, now));
      busy = output.isPresent() || call.isPresent() || path.isPresent() || node.isPresent();
      if (!busy) {
        busy = describe(now);
      }
    }
    if (closing && nodesLeft && sessionLeft) {
      closing = false;
      events.add(new MeetEvent.Closed());
    }
  }

  /** Several candidates, or pieces of advice, come at once; whether anything was done. */
  private boolean describe(MonotonicTime now) {
    List<PeerLink> restarting = List.copyOf(advised);
    advised.clear();
    restarting.stream().filter(byLink::containsKey).forEach(its -> its.restart(now));
    List<Conversation> telling = changed.stream().filter(its -> its.tells(now)).toList();
    telling.forEach(changed::remove);
    telling.forEach(each -> each.news(now).forEach(its -> calls.describe(each.call(), its, now)));
    return !(restarting.isEmpty() && telling.isEmpty());
  }

  private void take(AttachmentEvent event, MonotonicTime now) {
    if (carrier.take(event, now)) {
      return;
    }
    if (event instanceof AttachmentEvent.Said said) {
      calls.said(said.from(), said.sealed(), now);
    } else {
      if (event instanceof AttachmentEvent.Attached attached) {
        servers.attached(attached.offer());
        ask(now);
      } else if (event instanceof AttachmentEvent.Offered offered) {
        servers.attached(offered.offer());
        ask(now);
      } else if (event instanceof AttachmentEvent.Detached detached) {
        servers.detached(detached.node());
        ask(now);
      } else if (event instanceof AttachmentEvent.NobodyAnswers) {
        lookAround();
      } else if (event instanceof AttachmentEvent.KeyChanged) {
        calls.keyChanged(now);
      } else if (event instanceof AttachmentEvent.Ended) {
        nodesLeft = true;
      }
      events.add(new MeetEvent.Nodes(event));
    }
  }

  /** The servers of the nodes are asked as those that the owner named are. */
  private void ask(MonotonicTime now) {
    List<NamedServer> allServers = new ArrayList<>(config.session().servers());
    allServers.addAll(servers.servers());
    List<Relay> allRelays = new ArrayList<>(config.session().relays());
    allRelays.addAll(servers.relays());
    session.ask(allServers, allRelays, now);
    punching.ask(allServers, allRelays, now);
  }

  private void take(CallEvent event, MonotonicTime now) {
    if (event instanceof CallEvent.Agreed agreed) {
      agreed(agreed, now);
    } else if (event instanceof CallEvent.Described described) {
      described(described, now);
    } else if (event instanceof CallEvent.Ended ended) {
      Optional<Conversation> its = Optional.ofNullable(conversations.get(ended.call()));
      // Who ends first a call whose path both have lost is a matter of chance.
      boolean lost =
          ended.reason() == CallEnd.PEER_LEFT && its.filter(Conversation::isLost).isPresent();
      end(ended.call(), now);
      events.add(
          new MeetEvent.Calling(
              lost ? new CallEvent.Ended(ended.call(), ended.peer(), CallEnd.NO_PATH) : ended));
    } else {
      if (event instanceof CallEvent.Reopened reopened) {
        end(reopened.call(), now);
      } else if (event instanceof CallEvent.Measured measured) {
        punching.measured(measured.call(), measured.roundTrip());
      }
      events.add(new MeetEvent.Calling(event));
    }
  }

  private void agreed(CallEvent.Agreed agreed, MonotonicTime now) {
    IceRole role = agreed.caller() ? IceRole.CONTROLLING : IceRole.CONTROLLED;
    PeerLink link = session.open(IceConfig.standard(role).withPolicy(config.ice()), now);
    Conversation fresh = new Conversation(agreed.call(), agreed.caller(), link, now);
    conversations.put(agreed.call(), fresh);
    byLink.put(link, fresh);
    changed.add(fresh);
    events.add(new MeetEvent.Opened(agreed.call(), agreed.peer(), agreed.caller(), link));
    punching.open(fresh, now);
  }

  private void described(CallEvent.Described described, MonotonicTime now) {
    Conversation its = conversations.get(described.call());
    if (its != null && !punching.take(described.call(), described.description(), now)) {
      try {
        IceDescription description = IceJson.parse(described.description());
        punching.heard(described.call(), description.candidates());
        its.heard(description, now);
      } catch (IceTextException e) {
        malformed++;
      }
    }
  }

  private void end(long call, MonotonicTime now) {
    Conversation its = conversations.remove(call);
    if (its != null) {
      byLink.remove(its.link());
      changed.remove(its);
      waiting.remove(its);
      punching.end(its.call(), now);
      its.link().close(now);
    }
    if (calls.size() == 0) {
      carrier.forget();
    }
  }

  private void take(SessionEvent event, MonotonicTime now) {
    events.add(new MeetEvent.Session(event));
    if (event instanceof SessionEvent.LocalCandidate its) {
      touch(its.link());
    } else if (event instanceof SessionEvent.LocalCandidatesEnd its) {
      touch(its.link());
    } else if (event instanceof SessionEvent.Restarted its) {
      touch(its.link());
    } else if (event instanceof SessionEvent.RestartAdvised its) {
      advised.add(its.link());
    } else if (event instanceof SessionEvent.Ice its) {
      ice(its, now);
    } else if (event instanceof SessionEvent.Closed) {
      sessionLeft = true;
    }
  }

  private void touch(PeerLink link) {
    Optional.ofNullable(byLink.get(link)).ifPresent(changed::add);
  }

  private void ice(SessionEvent.Ice event, MonotonicTime now) {
    Conversation its = byLink.get(event.link());
    if (its == null) {
      return;
    }
    if (event.event() instanceof IceEvent.PathChanged path) {
      if (its.connect()) {
        calls.connected(its.call(), now);
        events.add(new MeetEvent.Connected(its.call(), path.path()));
      }
    } else if (event.event() instanceof IceEvent.Failed && its.fail(now)) {
      if (punching.isHopeful(its.call())) {
        its.hope(now);
      } else {
        calls.hangUp(its.call(), CallEnd.NO_PATH, now);
      }
    } else if (event.event() instanceof IceEvent.StateChanged changed
        && changed.state() == IceState.CLOSED) {
      // Its owner closed the link, and means the call.
      calls.hangUp(its.call(), CallEnd.CLOSED, now);
    }
    waiting.set(its, its.nextDeadline());
    if (!(event.event() instanceof IceEvent.Received)) {
      punching.touch(its.call(), now);
    }
  }

  private final class Punched implements Punching.Listener {
    @Override
    public void say(long call, String note, MonotonicTime now) {
      calls.describe(call, note, now);
    }

    @Override
    public void tell(long call, PunchNews news, MonotonicTime now) {
      events.add(new MeetEvent.Punch(call, news));
      Optional<Conversation> its = Optional.ofNullable(conversations.get(call));
      boolean hopeless =
          news instanceof PunchNews.Stays
              && its.filter(each -> each.link().state() == IceState.FAILED).isPresent();
      if (hopeless && its.get().fail(now)) {
        calls.hangUp(call, CallEnd.NO_PATH, now);
      }
      its.ifPresent(each -> waiting.set(each, each.nextDeadline()));
    }
  }
}
