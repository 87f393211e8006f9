package dev.culvert.cli.ice;

import dev.culvert.ice.IceConfig;
import dev.culvert.ice.IceEvent;
import dev.culvert.ice.IcePath;
import dev.culvert.ice.IceRole;
import dev.culvert.ice.IceState;
import dev.culvert.ice.PairFate;
import dev.culvert.ice.engine.ConnectionEvent;
import dev.culvert.ice.engine.IceConnection;
import dev.culvert.ice.engine.IceEngine;
import dev.culvert.ice.text.IceDescription;
import dev.culvert.sansio.MonotonicTime;
import dev.culvert.transport.NetworkRuntime;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** What an {@link IcePeer} does, on an engine of any kind. All of it happens on one thread. */
final class EnginePeer implements Meeter {
  /** For a nomination to come, once there is a path. */
  private static final Duration NOMINATION = Duration.ofSeconds(4);

  private final IceEngine engine;
  private final PeerTask task;
  private final Consumer<PeerEvent> listener;
  private final Echo echo;
  private final ScheduledExecutorService loop =
      Executors.newSingleThreadScheduledExecutor(
          action -> {
            Thread thread = new Thread(action, "culvert-meeting");
            thread.setDaemon(true);
            return thread;
          });
  private Optional<IceConnection> connection = Optional.empty();
  private Optional<MonotonicTime> met = Optional.empty();
  private Optional<MonotonicTime> connected = Optional.empty();
  private Optional<IcePath> path = Optional.empty();
  private List<PairFate> fates = List.of();
  private int changes;
  private boolean ended;

  EnginePeer(IceEngine engine, PeerTask task, Consumer<PeerEvent> listener) {
    this.engine = engine;
    this.task = task;
    this.listener = listener;
    this.echo = new Echo(task.count(), task.keep(), new SecureRandom());
  }

  @Override
  public void begin() {
    later(this::open);
  }

  @Override
  public void meet(IceDescription description) {
    later(
        () -> {
          IceConnection its = open();
          met = Optional.of(NetworkRuntime.now());
          its.remote(description);
          if (task.role() == IceRole.CONTROLLING) {
            its.peerBegan();
          }
        });
  }

  @Override
  public void leave() {
    later(
        () -> {
          end("");
          engine.close();
          listener.accept(new PeerEvent.Closed());
        });
  }

  @Override
  public void close() {
    engine.close();
    loop.shutdownNow();
  }

  private IceConnection open() {
    if (connection.isEmpty()) {
      IceConnection its =
          engine.open(
              IceConfig.standard(task.role())
                  .withPolicy(task.policy())
                  .withPatience(task.patience()),
              event -> later(() -> take(event)));
      connection = Optional.of(its);
    }
    return connection.get();
  }

  private void later(Runnable action) {
    later(action, Duration.ZERO);
  }

  private void later(Runnable action, Duration delay) {
    try {
      var unused = loop.schedule(action, delay.toNanos(), TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException e) {
      // It is closed, and nobody wants to hear of it any more.
    }
  }

  private void take(ConnectionEvent event) {
    if (event instanceof ConnectionEvent.LocalCandidatesEnd end) {
      listener.accept(new PeerEvent.Described(end.description()));
    } else if (event instanceof ConnectionEvent.Ice ice && !ended) {
      take(ice.event());
    }
  }

  private void take(IceEvent event) {
    MonotonicTime now = NetworkRuntime.now();
    if (event instanceof IceEvent.PathChanged changed) {
      boolean other = path.filter(old -> old.flow().equals(changed.path().flow())).isEmpty();
      changes += path.isPresent() && other ? 1 : 0;
      path = Optional.of(changed.path());
      if (connected.isEmpty()) {
        connected = Optional.of(now);
        later(this::beginEcho, NOMINATION);
      }
      if (other) {
        listener.accept(new PeerEvent.PathChanged(changed.path(), now.since(met.orElse(now))));
      }
    } else if (event instanceof IceEvent.StateChanged changed
        && changed.state() == IceState.COMPLETED) {
      beginEcho();
    } else if (event instanceof IceEvent.Received received) {
      echo.take(received.data(), connection.orElseThrow()::send, now);
    } else if (event instanceof IceEvent.Failed failed) {
      fates = failed.fates();
      end(failed.reason().words());
    }
  }

  private void beginEcho() {
    if (!echo.hasBegun() && !ended) {
      echo.begin(NetworkRuntime.now());
      beat();
    }
  }

  private void beat() {
    if (ended) {
      return;
    }
    MonotonicTime now = NetworkRuntime.now();
    echo.advance(connection.orElseThrow()::send, now);
    echo.pollRoundTrip().ifPresent(trip -> listener.accept(new PeerEvent.Pinged(trip)));
    if (echo.isOver()) {
      end("");
    } else {
      later(this::beat, Duration.ofMillis(10));
    }
  }

  private void end(String failure) {
    if (!ended) {
      ended = true;
      listener.accept(
          new PeerEvent.Ended(
              new PeerResult(
                  path,
                  connected.flatMap(at -> met.map(at::since)),
                  changes,
                  echo.figures(),
                  failure,
                  fates)));
    }
  }
}
