package dev.culvert.peer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.ice.IceEvent;
import dev.culvert.ice.IceState;
import dev.culvert.ice.engine.ConnectionEvent;
import dev.culvert.identity.PeerKey;
import dev.culvert.rendezvous.KnownNode;
import dev.culvert.rendezvous.call.AcceptPolicy;
import dev.culvert.rendezvous.call.CallEnd;
import dev.culvert.rendezvous.client.AttachmentEvent;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.session.SessionConfig;
import dev.culvert.session.meet.MeetConfig;
import dev.culvert.transport.NetworkRuntime;
import java.net.InetAddress;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whoever loses interest in a call, on either side; on this host's loopback addresses alone. */
class CallEndsTest {
  private final NetworkRuntime runtime = NetworkRuntime.create();
  private final List<AutoCloseable> open = new ArrayList<>();
  private final BlockingQueue<IncomingCall> asked = new LinkedBlockingQueue<>();
  private final BlockingQueue<Boolean> attached = new LinkedBlockingQueue<>();
  private final BlockingQueue<IceState> closed = new LinkedBlockingQueue<>();
  private volatile Consumer<IncomingCall> answer = asked::add;
  private PeerNode callee = peer(List.of());
  private PeerNode caller = callee;

  private PeerNode peer(List<KnownNode> known) {
    MeetConfig meet =
        MeetConfig.of(
            SessionConfig.of(List.of(TwoPeers.address("127.0.0.1"))), AcceptPolicy.open());
    PeerNode peer =
        PeerNode.start(
            runtime,
            PeerNodeConfig.of(PeerKey.generate(new SecureRandom()), known, meet)
                .answering(call -> answer.accept(call))
                .watching(this::watch));
    open.add(peer);
    return peer;
  }

  private void watch(AttachmentEvent event) {
    if (event instanceof AttachmentEvent.Attached) {
      attached.add(true);
    }
  }

  private void heard(ConnectionEvent event) {
    if (event instanceof ConnectionEvent.Ice ice
        && ice.event() instanceof IceEvent.StateChanged changed
        && changed.state() == IceState.CLOSED) {
      closed.add(changed.state());
    }
  }

  @BeforeEach
  void start() throws Exception {
    TransportAddress any = new TransportAddress(InetAddress.getLoopbackAddress(), 0);
    KnownNode node = callee.serve(ServeConfig.at(any, any)).known();
    TwoPeers.next(attached);
    caller = peer(List.of(node));
  }

  @AfterEach
  void close() throws Exception {
    for (int i = open.size() - 1; i >= 0; i--) {
      open.get(i).close();
    }
    runtime.close();
  }

  private static <T> T within(CompletableFuture<T> future) throws Exception {
    return future.get(TwoPeers.PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  @Test
  void whoCancelsACallLetsTheOtherSideStopRinging() throws Exception {
    CompletableFuture<SessionConnection> call = caller.call(callee.id());
    IncomingCall ringing = TwoPeers.next(asked);
    call.cancel(false);
    assertEquals(CallEnd.PEER_LEFT, within(ringing.over()));
    assertEquals(
        CallEnd.PEER_LEFT,
        ringing
            .accept()
            .handle((connection, fault) -> ((MeetException) fault).reason())
            .get(TwoPeers.PATIENCE_SECONDS, TimeUnit.SECONDS));
  }

  @Test
  void anotherWhoWaitsForTheSameCallKeepsIt() throws Exception {
    CompletableFuture<SessionConnection> one = caller.call(callee.id());
    CompletableFuture<SessionConnection> other = caller.call(callee.id());
    IncomingCall ringing = TwoPeers.next(asked);
    one.cancel(false);
    CompletableFuture<SessionConnection> there = ringing.accept(this::heard);
    SessionConnection here = within(other);
    within(there);
    assertThrows(CancellationException.class, one::join);
    here.close();
    assertEquals(CallEnd.PEER_LEFT, within(ringing.over()));
    assertEquals(IceState.CLOSED, TwoPeers.next(closed));
  }

  @Test
  void whoCancelsAnAcceptanceEndsTheCall() throws Exception {
    // On the event loop nothing of it can have come to be yet.
    answer = call -> assertTrue(call.accept(this::heard).cancel(false));
    CompletableFuture<SessionConnection> call = caller.call(callee.id());
    assertEquals(
        CallEnd.PEER_LEFT,
        call.handle((connection, fault) -> ((MeetException) fault).reason())
            .get(TwoPeers.PATIENCE_SECONDS, TimeUnit.SECONDS));
  }

  @Test
  void acceptedTwiceAtOnceItIsOneCall() throws Exception {
    CompletableFuture<SessionConnection> first = new CompletableFuture<>();
    CompletableFuture<SessionConnection> second = new CompletableFuture<>();
    answer =
        call -> {
          asked.add(call);
          pass(call.accept(this::heard), first);
          pass(call.accept(), second);
        };
    SessionConnection here = within(caller.call(callee.id()));
    assertSame(within(first), within(second));
    assertSame(within(first), within(TwoPeers.next(asked).accept()));
    here.close();
    assertEquals(IceState.CLOSED, TwoPeers.next(closed));
  }

  private static void pass(
      CompletableFuture<SessionConnection> from, CompletableFuture<SessionConnection> to) {
    CompletableFuture<Boolean> unused =
        from.handle(
            (connection, fault) ->
                fault == null ? to.complete(connection) : to.completeExceptionally(fault));
  }

  @Test
  void anIncomingCallIsOverWithItsPeer() throws Exception {
    CompletableFuture<SessionConnection> declined = caller.call(callee.id());
    IncomingCall first = TwoPeers.next(asked);
    first.decline();
    assertEquals(CallEnd.DECLINED, within(first.over()));
    assertThrows(ExecutionException.class, () -> within(declined));
    CompletableFuture<SessionConnection> unused = caller.call(callee.id());
    IncomingCall second = TwoPeers.next(asked);
    callee.close();
    assertEquals(CallEnd.CLOSED, within(second.over()));
  }
}
