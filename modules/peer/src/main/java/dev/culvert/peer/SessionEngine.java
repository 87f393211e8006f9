package dev.culvert.peer;

import dev.culvert.ice.IceConfig;
import dev.culvert.ice.engine.ConnectionEvent;
import dev.culvert.ice.engine.IceEngine;
import dev.culvert.ice.engine.IceFeature;
import dev.culvert.sansio.Machine;
import dev.culvert.sansio.MonotonicTime;
import dev.culvert.session.DirectFlows;
import dev.culvert.session.PeerLink;
import dev.culvert.session.PeerSession;
import dev.culvert.session.SessionConfig;
import dev.culvert.session.SessionEvent;
import dev.culvert.transport.MachineDriver;
import dev.culvert.transport.NetworkRuntime;
import java.security.SecureRandom;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Our own ICE on sockets of this host: a {@link PeerSession} on an event loop, with one UDP socket
 * per address for all peers (RFC 8445).
 */
public final class SessionEngine implements IceEngine {
  private static final Logger LOG = LoggerFactory.getLogger(SessionEngine.class);
  private static final long LONGEST_GOODBYE_SECONDS = 4;
  private static final Set<IceFeature> FEATURES =
      Collections.unmodifiableSet(EnumSet.complementOf(EnumSet.of(IceFeature.COMPONENTS)));

  private final PeerSession session;
  private final Consumer<? super SessionEvent> listener;
  private final Map<PeerLink, SessionConnection> connections = new HashMap<>();
  private final CompletableFuture<Void> ended = new CompletableFuture<>();
  private final MachineDriver<SessionEvent> driver;
  private volatile boolean closed;

  /**
   * An engine on a session that may be a part of a larger machine.
   *
   * @param machine what is driven; the session's events are among its
   */
  SessionEngine(
      NetworkRuntime runtime,
      PeerSession session,
      Machine<SessionEvent> machine,
      Consumer<? super SessionEvent> listener) {
    this.session = session;
    this.listener = listener;
    session.watchFlows(this::flows);
    this.driver = runtime.drive(machine, this::take);
    CompletableFuture<Void> unused =
        driver
            .closed()
            .thenRun(() -> List.copyOf(connections.values()).forEach(SessionConnection::abandon));
  }

  /**
   * An engine that does nothing before it is asked to {@link #gather} or {@link #open}.
   *
   * @param runtime has the event loops, and knows whom TLS and DTLS trust; it stays open when the
   *     engine is closed
   */
  public static SessionEngine start(NetworkRuntime runtime, SessionConfig config) {
    return start(runtime, config, event -> {});
  }

  /**
   * The same with a listener.
   *
   * @param listener is called with what the session tells of itself, such as which server does not
   *     answer, on the event loop; what is about one connection alone goes to its own listener
   */
  public static SessionEngine start(
      NetworkRuntime runtime, SessionConfig config, Consumer<? super SessionEvent> listener) {
    PeerSession session = new PeerSession(config, new SecureRandom());
    return new SessionEngine(runtime, session, session, listener);
  }

  @Override
  public String name() {
    return "culvert";
  }

  @Override
  public Set<IceFeature> features() {
    return FEATURES;
  }

  /** Begins to find candidates before there is anybody to connect to, those on relays too. */
  public void gather() {
    execute((its, now) -> its.gather(now));
  }

  /**
   * Runs {@code action} on the event loop with the session and the present time; for what only the
   * session offers, such as other addresses or a measurement. Not run once the engine is closed.
   */
  public void execute(SessionAction action) {
    driver.execute(now -> action.run(session, now));
  }

  /** Something to be done with the session, on its event loop. */
  @FunctionalInterface
  public interface SessionAction {
    /** Does it; must not block. */
    void run(PeerSession session, MonotonicTime now);
  }

  @Override
  public SessionConnection open(IceConfig config, Consumer<? super ConnectionEvent> events) {
    if (closed) {
      throw new IllegalStateException("the engine is closed");
    }
    if (config.components().size() > 1) {
      throw new IllegalArgumentException("one flow of data to a peer, no more");
    }
    SessionConnection connection = new SessionConnection(this, events);
    driver.execute(
        now -> {
          // It tells of candidates while it opens, when nobody knows yet whose they are.
          PeerLink link = session.open(config, now);
          connections.put(link, connection);
          connection.opened(link);
        });
    return connection;
  }

  @Override
  public void close() {
    closed = true;
    driver.execute(session::close);
    ended.completeOnTimeout(null, LONGEST_GOODBYE_SECONDS, TimeUnit.SECONDS).join();
    driver.close();
  }

  // What follows is for the connections, and runs on the loop.

  MachineDriver<SessionEvent> driver() {
    return driver;
  }

  void forget(PeerLink link) {
    connections.remove(link);
  }

  /** Makes a connection of a link that somebody else has opened just now. */
  SessionConnection adopt(PeerLink link, Consumer<? super ConnectionEvent> events) {
    SessionConnection connection = new SessionConnection(this, events);
    connections.put(link, connection);
    connection.opened(link);
    return connection;
  }

  private void take(SessionEvent event) {
    if (event instanceof SessionEvent.LocalCandidate candidate) {
      tell(candidate.link(), new ConnectionEvent.LocalCandidate(candidate.candidate()));
    } else if (event instanceof SessionEvent.LocalCandidatesEnd end) {
      tell(end.link(), new ConnectionEvent.LocalCandidatesEnd(end.link().description()));
    } else if (event instanceof SessionEvent.Restarted restarted) {
      tell(restarted.link(), new ConnectionEvent.Restarted(restarted.link().description()));
    } else if (event instanceof SessionEvent.RestartAdvised advised) {
      tell(advised.link(), new ConnectionEvent.RestartAdvised(advised.reason()));
    } else if (event instanceof SessionEvent.Ice ice) {
      tell(ice.link(), new ConnectionEvent.Ice(ice.event()));
    } else {
      guarded(() -> listener.accept(event));
      if (event instanceof SessionEvent.Closed) {
        ended.complete(null);
      }
    }
  }

  private void flows(PeerLink link, DirectFlows flows) {
    @Nullable SessionConnection connection = connections.get(link);
    if (connection != null) {
      connection.flows(flows);
    }
  }

  private void tell(PeerLink link, ConnectionEvent event) {
    @Nullable SessionConnection connection = connections.get(link);
    if (connection != null) {
      guarded(() -> connection.heard(event));
    }
  }

  /** A listener that throws must not keep the others from hearing. */
  private static void guarded(Runnable call) {
    try {
      call.run();
    } catch (RuntimeException e) {
      LOG.error("A listener threw.", e);
    }
  }
}
