package dev.culvert.peer;

import dev.culvert.ice.engine.ConnectionEvent;
import dev.culvert.identity.PeerId;
import dev.culvert.identity.PeerKey;
import dev.culvert.rendezvous.Invite;
import dev.culvert.rendezvous.KnownNode;
import dev.culvert.rendezvous.NodeSource;
import dev.culvert.rendezvous.call.AcceptPolicy;
import dev.culvert.rendezvous.call.CallEnd;
import dev.culvert.rendezvous.call.CallEvent;
import dev.culvert.sansio.MonotonicTime;
import dev.culvert.session.meet.MeetEvent;
import dev.culvert.session.meet.MeetPeer;
import dev.culvert.transport.NetworkRuntime;
import dev.culvert.transport.quic.QuicEndpoint;
import dev.culvert.transport.server.ListenException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A peer on sockets of this host: found through nodes, calling others and called by them, with a
 * path to each, and if it likes a node for others.
 *
 * <p>Safe for any thread.
 */
public final class PeerNode implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PeerNode.class);
  private static final long LONGEST_GOODBYE_SECONDS = 6;
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  /** Who does not listen. */
  static final Consumer<PeerEvent> NOBODY = event -> {};

  private final PeerNodeConfig config;
  private final MeetPeer meet;
  private final SessionEngine engine;
  private final Map<Long, Attempt> attempts = new HashMap<>();
  private final Map<Long, IncomingCall> incoming = new HashMap<>();
  private final Servings servings;
  private final Invitations invitations;
  private final CompletableFuture<Void> ended = new CompletableFuture<>();
  private final QuicSide quic;
  private final Duration patience;
  private final Optional<NetworkWatch> watch;
  private volatile Consumer<? super IncomingCall> answer;

  private PeerNode(
      NetworkRuntime runtime, PeerNodeConfig config, PeerKey shown, Duration patience) {
    this.config = config;
    this.invitations = new Invitations(config.key().id(), config.meet().accepts());
    this.answer = config.onCall();
    this.quic = new QuicSide(shown);
    this.patience = patience;
    this.meet =
        new MeetPeer(config.meet(), config.key(), new SecureRandom(), InstantSource.system());
    this.engine =
        new SessionEngine(
            runtime, meet.session(), new MeetMachine(meet, this::take), config.onSession());
    this.servings = new Servings(runtime, config, meet, engine.driver());
    CompletableFuture<Void> unused = engine.driver().closed().thenRun(this::failAll);
    perform(now -> meet.know(config.nodes(), now));
    this.watch =
        config
            .follows()
            .map(
                source ->
                    new NetworkWatch(
                        source,
                        config.meet().session().addresses(),
                        NetworkWatch.PERIOD,
                        addresses -> perform(now -> meet.use(addresses, now))));
  }

  /**
   * A peer that joins at once.
   *
   * @param runtime has the event loops; it stays open when the peer is closed
   */
  public static PeerNode start(NetworkRuntime runtime, PeerNodeConfig config) {
    return start(runtime, config, config.key(), PATIENCE);
  }

  /**
   * The same for tests.
   *
   * @param shown the key that it shows in handshakes, its own if it is honest
   * @param patience with peers that have a path but do not speak QUIC
   */
  static PeerNode start(
      NetworkRuntime runtime, PeerNodeConfig config, PeerKey shown, Duration patience) {
    return new PeerNode(runtime, config, shown, patience);
  }

  /** Who it is. */
  public PeerId id() {
    return config.key().id();
  }

  /**
   * Calls a peer.
   *
   * @return completes once there is a path, or exceptionally with a {@link MeetException}; closing
   *     the connection ends the call, and so does whatever ends this future before, such as its
   *     cancelling or {@link CompletableFuture#orTimeout}, unless another waits for the same call
   */
  public CompletableFuture<SessionConnection> call(PeerId peer) {
    return call(peer, event -> {});
  }

  /** The same; {@code events} is called on the event loop with what happens to the connection. */
  public CompletableFuture<SessionConnection> call(
      PeerId peer, Consumer<? super ConnectionEvent> events) {
    return attempt(now -> Optional.of(meet.call(peer, Optional.empty(), now)), events);
  }

  /** Calls whoever gave an invite, through the nodes that it names, too. */
  public CompletableFuture<SessionConnection> call(
      Invite invite, Consumer<? super ConnectionEvent> events) {
    return attempt(
        now -> {
          meet.know(invite.nodes(), now);
          return Optional.of(meet.call(invite.peer(), Optional.of(invite.secret()), now));
        },
        events);
  }

  /**
   * Connects to a peer: relayed at once where there is a relay, and direct as soon as that can be.
   *
   * @return completes once the peer has accepted and proven its key, or exceptionally with a {@link
   *     PeerException}
   */
  public CompletableFuture<PeerConnection> connect(PeerId peer) {
    return connect(peer, NOBODY);
  }

  /** The same; {@code events} is called on the event loop with what happens to it. */
  public CompletableFuture<PeerConnection> connect(
      PeerId peer, Consumer<? super PeerEvent> events) {
    return link(peer, now -> Optional.of(meet.call(peer, Optional.empty(), now)), events);
  }

  /** Connects to whoever gave an invite, through the nodes that it names, too. */
  public CompletableFuture<PeerConnection> connect(
      Invite invite, Consumer<? super PeerEvent> events) {
    return link(
        invite.peer(),
        now -> {
          meet.know(invite.nodes(), now);
          return Optional.of(meet.call(invite.peer(), Optional.of(invite.secret()), now));
        },
        events);
  }

  /** Says yes to a call; twice is once. */
  CompletableFuture<PeerConnection> answer(
      long call, PeerId peer, Consumer<? super PeerEvent> events) {
    return link(peer, now -> accepted(call, now), events);
  }

  private CompletableFuture<PeerConnection> link(
      PeerId peer,
      Function<MonotonicTime, Optional<Long>> begin,
      Consumer<? super PeerEvent> events) {
    CompletableFuture<PeerConnection> result = new CompletableFuture<>();
    CompletableFuture<Boolean> unused =
        quic.endpoint()
            .handle(
                (endpoint, fault) -> {
                  if (endpoint == null) {
                    return result.completeExceptionally(new PeerException(QuicSide.why(fault)));
                  }
                  engine
                      .driver()
                      .execute(
                          now -> link(peer, endpoint, begin, result, events, now),
                          () -> result.completeExceptionally(new PeerException(Ends.CLOSED)));
                  return true;
                });
    return result;
  }

  private void link(
      PeerId peer,
      QuicEndpoint endpoint,
      Function<MonotonicTime, Optional<Long>> begin,
      CompletableFuture<PeerConnection> result,
      Consumer<? super PeerEvent> events,
      MonotonicTime now) {
    Optional<Long> call = result.isDone() ? Optional.empty() : begin.apply(now);
    if (call.isEmpty()) {
      result.completeExceptionally(new PeerException(Ends.of(CallEnd.PEER_LEFT, false)));
      return;
    }
    Attempt its = attempts.computeIfAbsent(call.get(), fresh -> new Attempt(event -> {}));
    if (its.linking().isEmpty()) {
      if (!its.isBare()) {
        its.become(new Linking(peer, endpoint, engine.driver().loop(), patience));
      } else {
        result.completeExceptionally(
            new PeerException(
                new PeerEnd(PeerEnd.Kind.HERE, "a bare path to that peer is wanted already")));
        return;
      }
    }
    its.linking().ifPresent(linking -> linking.join(result, events));
    CompletableFuture<PeerConnection> unused =
        result.whenComplete(
            (connection, fault) -> {
              if (connection == null) {
                perform(later -> giveUp(call.get(), its, later));
              }
            });
  }

  /**
   * Accepts the calls that the policy lets through from now on, in place of whoever answered
   * before.
   *
   * @param taker is called on the event loop with each connection whose peer has proven its key
   */
  public void listen(Consumer<? super PeerConnection> taker) {
    CompletableFuture<QuicEndpoint> loading = quic.endpoint();
    answer = call -> take(call, taker);
    if (loading.isCompletedExceptionally()) {
      LOG.error("No call can be answered: {}", QuicSide.why(loading.handle((e, f) -> f).join()));
    }
  }

  private static void take(IncomingCall call, Consumer<? super PeerConnection> taker) {
    CompletableFuture<Void> unused =
        call.connect()
            .handle(
                (connection, fault) -> {
                  if (connection == null) {
                    call.decline();
                  } else {
                    guarded(() -> taker.accept(connection));
                  }
                  return null;
                });
  }

  /**
   * Whoever waits gets the connection.
   *
   * @param begin names the call; empty: there is none any more
   */
  private CompletableFuture<SessionConnection> attempt(
      Function<MonotonicTime, Optional<Long>> begin, Consumer<? super ConnectionEvent> events) {
    CompletableFuture<SessionConnection> result = new CompletableFuture<>();
    perform(
        now -> {
          Optional<Long> call = result.isDone() ? Optional.empty() : begin.apply(now);
          if (call.isPresent()) {
            await(call.get(), result, events);
          } else {
            result.completeExceptionally(new MeetException(CallEnd.PEER_LEFT));
          }
        },
        result);
    return result;
  }

  private void await(
      long call,
      CompletableFuture<SessionConnection> result,
      Consumer<? super ConnectionEvent> events) {
    Attempt its = attempts.computeIfAbsent(call, fresh -> new Attempt(events));
    its.await(result);
    CompletableFuture<SessionConnection> unused =
        result.whenComplete(
            (connection, fault) -> {
              if (connection == null) {
                perform(now -> giveUp(call, its, now));
              }
            });
  }

  /** A call that nobody waits for any more could be closed by nobody. */
  private void giveUp(long call, Attempt its, MonotonicTime now) {
    if (its.equals(attempts.get(call)) && !its.isWanted()) {
      meet.hangUp(call, now);
    }
  }

  /** Twice is once. */
  CompletableFuture<SessionConnection> accept(long call, Consumer<? super ConnectionEvent> events) {
    return attempt(now -> accepted(call, now), events);
  }

  private Optional<Long> accepted(long call, MonotonicTime now) {
    return meet.accept(call, now) || meet.link(call).isPresent()
        ? Optional.of(call)
        : Optional.empty();
  }

  void decline(long call) {
    perform(now -> meet.decline(call, now));
  }

  /** Who may call from now on, and whoever has an invite of {@link #invite}. */
  public void policy(AcceptPolicy other) {
    perform(
        now -> {
          invitations.policy(other);
          usePolicy(now);
        });
  }

  private void usePolicy(MonotonicTime now) {
    meet.policy(invitations.inviting(meet.attachments().time()), now);
  }

  /**
   * Makes an invite that names the nodes where this peer is found, and the one that it runs itself.
   *
   * @param validity for how long this peer heeds it, unless it is started anew
   * @param once whether for the first who shows it alone
   * @return completes with an {@link IllegalStateException} while 64 hold, those of the policy too
   */
  public CompletableFuture<Invite> invite(Duration validity, boolean once) {
    CompletableFuture<Invite> result = new CompletableFuture<>();
    perform(
        now -> {
          List<KnownNode> nodes = new ArrayList<>();
          nodes.addAll(servings.known());
          meet.attachments()
              .attached()
              .forEach(
                  its ->
                      nodes.add(
                          new KnownNode(
                              Optional.of(its.node()), List.of(its.url()), NodeSource.INVITED)));
          nodes.addAll(meet.attachments().nodes());
          invitations
              .make(nodes, validity, once, meet.attachments().time())
              .ifPresentOrElse(
                  invite -> {
                    usePolicy(now);
                    result.complete(invite);
                  },
                  () ->
                      result.completeExceptionally(
                          new IllegalStateException(
                              Invitations.MOST
                                  + " invites hold, and no more can; wait until one expires")));
        },
        result);
    return result;
  }

  /** Adds nodes, such as those of {@link #nodes} from the last time. */
  public void know(Collection<KnownNode> nodes) {
    perform(now -> meet.know(nodes, now));
  }

  /** The nodes that it knows, to be kept for the next start. */
  public CompletableFuture<List<KnownNode>> nodes() {
    CompletableFuture<List<KnownNode>> result = new CompletableFuture<>();
    perform(now -> result.complete(meet.attachments().nodes()), result);
    return result;
  }

  /**
   * Does something with the session, on the event loop; for what only it offers, such as other
   * addresses of this host, see {@link MeetPeer#use}.
   */
  public void execute(BiConsumer<MeetPeer, MonotonicTime> action) {
    perform(now -> action.accept(meet, now));
  }

  /**
   * Serves others as a node from now on, tells so the nodes that it is attached to, which tell
   * their peers, and names it in invites and, if it looks around itself, on the local network:
   * newcomers can join through it when every other node is gone. Not to be called on an event loop.
   *
   * @throws ListenException if it cannot listen there
   */
  public Serving serve(ServeConfig serve) throws ListenException {
    return servings.serve(serve, nodes().join());
  }

  /** Ends all calls and lets the nodes go. Not to be called on an event loop. */
  @Override
  public void close() {
    watch.ifPresent(NetworkWatch::close);
    perform(meet::close);
    ended.completeOnTimeout(null, LONGEST_GOODBYE_SECONDS, TimeUnit.SECONDS).join();
    servings.close();
    engine.driver().close();
  }

  private void perform(Consumer<MonotonicTime> action) {
    engine.driver().execute(action);
  }

  /** The same for somebody who waits, and hears if it is too late. */
  private void perform(Consumer<MonotonicTime> action, CompletableFuture<?> result) {
    engine
        .driver()
        .execute(action, () -> result.completeExceptionally(new MeetException(CallEnd.CLOSED)));
  }

  // What follows runs on the loop.

  private void failAll() {
    ended.complete(null);
    List.copyOf(attempts.values()).forEach(each -> each.fail(CallEnd.CLOSED));
    attempts.clear();
    List.copyOf(incoming.values()).forEach(each -> each.end(CallEnd.CLOSED));
    incoming.clear();
  }

  private void take(MeetEvent event) {
    if (event instanceof MeetEvent.Calling calling) {
      take(calling.event());
    } else if (event instanceof MeetEvent.Opened opened) {
      attempts
          .computeIfAbsent(opened.call(), fresh -> new Attempt(any -> {}))
          .opened(opened.link(), opened.caller(), engine);
    } else if (event instanceof MeetEvent.Connected connected) {
      Optional.ofNullable(attempts.get(connected.call())).ifPresent(Attempt::connected);
    } else if (event instanceof MeetEvent.Punch punch) {
      Optional.ofNullable(attempts.get(punch.call()))
          .flatMap(Attempt::linking)
          .ifPresent(its -> its.punched(punch.news()));
    } else if (event instanceof MeetEvent.Nodes nodes) {
      guarded(() -> config.onNodes().accept(nodes.event()));
    } else if (event instanceof MeetEvent.Closed) {
      ended.complete(null);
    }
  }

  private void take(CallEvent event) {
    if (event instanceof CallEvent.Asked asked) {
      IncomingCall call = new IncomingCall(this, asked.call(), asked.from(), asked.admission());
      incoming.put(asked.call(), call);
      guarded(() -> answer.accept(call));
    } else if (event instanceof CallEvent.Reopened reopened) {
      // Who has called here does so no more.
      Optional.ofNullable(incoming.remove(reopened.call()))
          .ifPresent(call -> call.end(CallEnd.PEER_LEFT));
      Optional.ofNullable(attempts.get(reopened.call())).ifPresent(its -> its.reopened(engine));
    } else if (event instanceof CallEvent.Ended ended) {
      Optional.ofNullable(incoming.remove(ended.call()))
          .ifPresent(call -> call.end(ended.reason()));
      Optional.ofNullable(attempts.remove(ended.call()))
          .ifPresent(its -> its.over(ended.reason(), engine, PeerNode::guarded));
    }
  }

  /** A listener that throws must not keep the others from hearing. */
  static void guarded(Runnable call) {
    try {
      call.run();
    } catch (RuntimeException e) {
      LOG.error("A listener threw.", e);
    }
  }
}
