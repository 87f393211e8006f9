package dev.culvert.peer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.ice.IceConfig;
import dev.culvert.ice.IceEvent;
import dev.culvert.ice.IceRole;
import dev.culvert.ice.IceState;
import dev.culvert.ice.engine.ConnectionEvent;
import dev.culvert.ice.engine.IceConnection;
import dev.culvert.ice.text.IceDescription;
import dev.culvert.sansio.Bytes;
import dev.culvert.session.LocalAddress;
import dev.culvert.session.SessionConfig;
import dev.culvert.transport.NetworkRuntime;
import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class SessionEngineTest {
  private final NetworkRuntime runtime = NetworkRuntime.create();

  /** What one side hears, apart from data and the path itself. */
  private static final class Heard {
    private final CompletableFuture<Void> path = new CompletableFuture<>();
    private final BlockingQueue<Bytes> data = new LinkedBlockingQueue<>();

    void take(ConnectionEvent event) {
      if (event instanceof ConnectionEvent.Ice ice) {
        if (ice.event() instanceof IceEvent.Received received) {
          data.add(received.data());
        } else if (ice.event() instanceof IceEvent.PathChanged) {
          path.complete(null);
        }
      }
    }
  }

  private SessionEngine engine() {
    return SessionEngine.start(
        runtime,
        SessionConfig.of(List.of(new LocalAddress("lo", InetAddress.getLoopbackAddress()))));
  }

  @Test
  void twoOfThemConnectAndDataFlowsBothWays() throws Exception {
    Heard here = new Heard();
    Heard there = new Heard();
    try (runtime;
        SessionEngine ours = engine();
        SessionEngine theirs = engine()) {
      SessionConnection offering = ours.open(IceConfig.standard(IceRole.CONTROLLING), here::take);
      SessionConnection answering =
          theirs.open(IceConfig.standard(IceRole.CONTROLLED), there::take);
      IceDescription offer = offering.complete().join();
      assertTrue(offer.complete());
      answering.remote(offer);
      offering.remote(answering.complete().join());
      offering.peerBegan();
      CompletableFuture.allOf(here.path, there.path).get(60, TimeUnit.SECONDS);
      offering.send(Bytes.of(1, 2, 3));
      assertEquals(Bytes.of(1, 2, 3), TwoPeers.next(there.data));
      answering.send(Bytes.of(4));
      assertEquals(Bytes.of(4), TwoPeers.next(here.data));
      assertEquals(1, offering.fates().join().size());
      assertTrue(offering.path().isPresent());
      offering.close();
      assertGone(offering);
    }
  }

  @Test
  void nothingIsPromisedOnceItIsClosed() {
    try (runtime) {
      SessionEngine engine = engine();
      SessionConnection connection =
          engine.open(IceConfig.standard(IceRole.CONTROLLING), event -> {});
      engine.close();
      assertGone(connection);
      assertEquals(IceState.CLOSED, connection.state());
      assertThrows(
          IllegalStateException.class,
          () -> engine.open(IceConfig.standard(IceRole.CONTROLLING), event -> {}));
      engine.close();
    }
  }

  @Test
  void whatIsAskedWhileItClosesFails() throws Exception {
    try (runtime) {
      SessionEngine engine = engine();
      CompletableFuture<Void> closing = new CompletableFuture<>();
      CompletableFuture<Void> asked = new CompletableFuture<>();
      engine.execute(
          (session, now) -> {
            engine.driver().loop().execute(engine.driver()::close);
            closing.complete(null);
            asked.join();
          });
      closing.get(60, TimeUnit.SECONDS);
      SessionConnection connection =
          engine.open(IceConfig.standard(IceRole.CONTROLLING), event -> {});
      CompletableFuture<IceDescription> description = connection.description();
      asked.complete(null);
      assertThrows(ExecutionException.class, () -> description.get(60, TimeUnit.SECONDS));
    }
  }

  private static void assertGone(IceConnection connection) {
    CompletionException gone =
        assertThrows(CompletionException.class, () -> connection.description().join());
    assertTrue(gone.toString().endsWith("the connection is closed"), gone.toString());
    assertThrows(CompletionException.class, () -> connection.restart().join());
  }
}
