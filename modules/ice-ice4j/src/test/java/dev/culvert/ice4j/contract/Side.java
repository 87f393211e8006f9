package dev.culvert.ice4j.contract;

import dev.culvert.ice.IceConfig;
import dev.culvert.ice.IceEvent;
import dev.culvert.ice.IcePath;
import dev.culvert.ice.IceState;
import dev.culvert.ice.engine.ConnectionEvent;
import dev.culvert.ice.engine.IceConnection;
import dev.culvert.ice.engine.IceEngine;
import dev.culvert.ice.text.IceDescription;
import dev.culvert.sansio.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;

/** One of two that connect, and all that it was told. */
final class Side {
  private static final long PATIENCE_SECONDS = 50;

  private final IceConnection connection;
  private final List<ConnectionEvent> heard = new ArrayList<>();
  private final BlockingQueue<Bytes> data = new LinkedBlockingQueue<>();
  private final List<Consumer<ConnectionEvent>> ears = new ArrayList<>();

  Side(IceEngine engine, IceConfig config) {
    connection = engine.open(config, this::take);
  }

  IceConnection connection() {
    return connection;
  }

  private synchronized void take(ConnectionEvent event) {
    if (event instanceof ConnectionEvent.Ice ice
        && ice.event() instanceof IceEvent.Received received) {
      data.add(received.data());
    } else {
      heard.add(event);
      ears.forEach(ear -> ear.accept(event));
      notifyAll();
    }
  }

  /** Tells the ear what was heard before, and what is heard from now on. */
  synchronized void tell(Consumer<ConnectionEvent> ear) {
    heard.forEach(ear);
    ears.add(ear);
  }

  synchronized List<ConnectionEvent> heard() {
    return List.copyOf(heard);
  }

  /** Waits for an event, which may have been before. */
  <T> T await(Function<ConnectionEvent, Optional<T>> wanted) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    synchronized (this) {
      while (true) {
        for (ConnectionEvent event : heard) {
          Optional<T> found = wanted.apply(event);
          if (found.isPresent()) {
            return found.get();
          }
        }
        long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
        if (left <= 0) {
          throw new AssertionError("it did not come; heard: " + heard);
        }
        wait(left);
      }
    }
  }

  IceState awaitState(Predicate<IceState> wanted) throws InterruptedException {
    return await(
        event ->
            event instanceof ConnectionEvent.Ice ice
                    && ice.event() instanceof IceEvent.StateChanged changed
                    && wanted.test(changed.state())
                ? Optional.of(changed.state())
                : Optional.empty());
  }

  IceEvent.Failed awaitFailure() throws InterruptedException {
    return await(
        event ->
            event instanceof ConnectionEvent.Ice ice
                    && ice.event() instanceof IceEvent.Failed failed
                ? Optional.of(failed)
                : Optional.empty());
  }

  IcePath awaitPath(Predicate<IcePath> wanted) throws InterruptedException {
    return await(
        event ->
            event instanceof ConnectionEvent.Ice ice
                    && ice.event() instanceof IceEvent.PathChanged changed
                    && wanted.test(changed.path())
                ? Optional.of(changed.path())
                : Optional.empty());
  }

  IceDescription description() throws Exception {
    return connection.description().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  IceDescription complete() throws Exception {
    return connection.complete().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  /** Sends to the other side, again and again, until it has a datagram like that. */
  void reaches(Side other, Bytes datagram) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    do {
      connection.send(datagram);
      Bytes taken = other.data.poll(20, TimeUnit.MILLISECONDS);
      while (taken != null) {
        if (taken.equals(datagram)) {
          return;
        }
        taken = other.data.poll();
      }
    } while (System.nanoTime() < end);
    throw new AssertionError("nothing arrived; heard: " + heard() + " and " + other.heard());
  }
}
