package dev.culvert.ice4j;

import dev.culvert.ice.ComponentId;
import dev.culvert.ice.IceConfig;
import dev.culvert.ice.engine.ConnectionEvent;
import dev.culvert.ice.engine.IceConnection;
import dev.culvert.ice.engine.IceEngine;
import dev.culvert.ice.engine.IceFeature;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * ICE by ice4j on sockets of this host (RFC 5245, with what its features say of later ones): host,
 * reflexive and relayed candidates over UDP, one agent and at least four threads for each
 * connection.
 *
 * <p>ice4j is set up by properties of the whole process. This class sets them before anything of
 * ice4j loads, so that it asks no cloud's metadata server; where something else loaded ice4j
 * before, an engine refuses to start unless that was seen to. ice4j's own pools keep their threads
 * for a minute after the last use.
 */
public final class Ice4jEngine implements IceEngine {
  /** What {@link #name} says. */
  public static final String NAME = "ice4j";

  private static final long LONGEST_GOODBYE_SECONDS = 4;
  private static final Set<IceFeature> FEATURES =
      Collections.unmodifiableSet(
          EnumSet.of(IceFeature.RESTART, IceFeature.TRICKLE, IceFeature.CONSENT));

  static {
    Ice4jSettings.apply();
  }

  private final Ice4jConfig config;
  private final Threads threads = new Threads();
  private final Set<Ice4jConnection> connections = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  private Ice4jEngine(Ice4jConfig config) {
    this.config = config;
  }

  /**
   * An engine that does nothing before it is asked to {@link #open}. The first one in a process
   * takes a second, as it loads ice4j.
   *
   * @throws IllegalStateException if ice4j is set up to ask servers by itself, one line for people
   */
  public static Ice4jEngine start(Ice4jConfig config) {
    Probes.refuse();
    return new Ice4jEngine(config);
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Set<IceFeature> features() {
    return FEATURES;
  }

  @Override
  public IceConnection open(IceConfig agent, Consumer<? super ConnectionEvent> listener) {
    if (closed) {
      throw new IllegalStateException("the engine is closed");
    }
    if (agent.lite()) {
      throw new IllegalArgumentException("ice4j has no agent that only answers");
    }
    if (!agent.components().equals(Set.of(ComponentId.ONLY))) {
      throw new IllegalArgumentException("one flow of data to a peer, no more");
    }
    Ice4jConnection connection =
        new Ice4jConnection(agent, config, threads, listener, connections::remove);
    connections.add(connection);
    connection.begin();
    return connection;
  }

  @Override
  public void close() {
    closed = true;
    CompletableFuture<Void> asked = new CompletableFuture<>();
    threads.later(
        () -> {
          Set.copyOf(connections).forEach(Ice4jConnection::end);
          asked.complete(null);
        });
    asked.completeOnTimeout(null, LONGEST_GOODBYE_SECONDS, TimeUnit.SECONDS).join();
    threads.end(LONGEST_GOODBYE_SECONDS);
    Set.copyOf(connections).forEach(Ice4jConnection::abandon);
  }
}
