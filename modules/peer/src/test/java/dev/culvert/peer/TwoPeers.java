package dev.culvert.peer;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.ice.IceConfig;
import dev.culvert.ice.IceEvent;
import dev.culvert.ice.IcePath;
import dev.culvert.ice.IceRole;
import dev.culvert.ice.engine.ConnectionEvent;
import dev.culvert.sansio.Bytes;
import dev.culvert.session.LocalAddress;
import dev.culvert.session.SessionConfig;
import dev.culvert.transport.NetworkRuntime;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/** Two engines on this host's loopback addresses, with a connection between them. */
final class TwoPeers implements AutoCloseable {
  static final int PATIENCE_SECONDS = 60;

  final Side one;
  final Side two;

  /** An engine on an event loop of its own, and its end of the connection. */
  static final class Side {
    final NetworkRuntime runtime = NetworkRuntime.create();
    final BlockingQueue<IcePath> paths = new LinkedBlockingQueue<>();
    final BlockingQueue<Bytes> data = new LinkedBlockingQueue<>();
    final SessionEngine engine;
    final SessionConnection connection;

    private Side(IceRole role, SessionConfig config) {
      engine = SessionEngine.start(runtime, config);
      connection = engine.open(IceConfig.standard(role), this::take);
    }

    private void take(ConnectionEvent event) {
      if (event instanceof ConnectionEvent.Ice ice) {
        if (ice.event() instanceof IceEvent.Received received) {
          data.add(received.data());
        } else if (ice.event() instanceof IceEvent.PathChanged changed) {
          paths.add(changed.path());
        }
      }
    }

    /** Leaves all addresses but this one. */
    void stayOn(String ip) {
      engine.execute((session, now) -> session.use(List.of(address(ip)), now));
    }

    private void close() {
      engine.close();
      runtime.close();
    }
  }

  TwoPeers(String... ips) {
    this(config -> config, ips);
  }

  TwoPeers(UnaryOperator<SessionConfig> settings, String... ips) {
    SessionConfig config =
        settings.apply(SessionConfig.of(Arrays.stream(ips).map(TwoPeers::address).toList()));
    one = new Side(IceRole.CONTROLLING, config);
    two = new Side(IceRole.CONTROLLED, config);
  }

  static LocalAddress address(String ip) {
    try {
      return new LocalAddress("lo", InetAddress.getByName(ip));
    } catch (UnknownHostException e) {
      throw new AssertionError(e);
    }
  }

  /** Waits until both sides have a path. */
  TwoPeers connect() {
    two.connection.remote(one.connection.complete().join());
    one.connection.remote(two.connection.complete().join());
    one.connection.peerBegan();
    next(one.paths);
    next(two.paths);
    return this;
  }

  /** Waits until a connection's loop has done what it was told, such as to hand the path out. */
  static void settle(SessionConnection connection) {
    connection.fates().join();
  }

  /** The next of what comes, which must not take long. */
  static <T> T next(BlockingQueue<T> queue) {
    try {
      T next = queue.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
      assertTrue(next != null, "nothing came");
      return next;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    one.close();
    two.close();
  }
}
