package dev.culvert.peer;

import static dev.culvert.peer.Meeting.within;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.ice.IceEvent;
import dev.culvert.ice.IceState;
import dev.culvert.ice.engine.ConnectionEvent;
import dev.culvert.identity.PeerKey;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;

/** Peers at the other end of a path that are not who they say, or want something else. */
class StrangersTest {
  private static final Duration LONG = Duration.ofSeconds(TwoPeers.PATIENCE_SECONDS);
  private static final Duration SHORT = Duration.ofMillis(1_500);

  private final BlockingQueue<CompletableFuture<?>> answers = new LinkedBlockingQueue<>();

  private static PeerKey key() {
    return PeerKey.generate(new SecureRandom());
  }

  /** What it hears first is QUIC's word or the call's. */
  private static void sentAway(CompletableFuture<?> connecting) {
    PeerEnd end = Meeting.end(connecting);
    assertTrue(
        Set.of(PeerEnd.Kind.DECLINED, PeerEnd.Kind.PEER_CLOSED).contains(end.kind()),
        end.toString());
  }

  @Test
  void whoeverAnswersWithAnotherKeyIsFoundOut() throws Exception {
    try (Meeting meeting = new Meeting()) {
      PeerNodeConfig config = meeting.config(key(), List.of(meeting.node));
      PeerNode impostor =
          meeting.start(config.answering(call -> answers.add(call.connect())), key(), LONG);
      meeting.awaitAttached();
      CompletableFuture<PeerConnection> calling = meeting.callee.connect(impostor.id());
      assertEquals(PeerEnd.Kind.NOT_WHO_IT_SAYS, Meeting.end(calling).kind());
      sentAway(TwoPeers.next(answers));
    }
  }

  @Test
  void whoeverCallsWithAnotherKeyIsFoundOut() throws Exception {
    try (Meeting meeting = new Meeting()) {
      PeerNodeConfig config = meeting.config(key(), List.of());
      PeerNode called =
          meeting.start(config.answering(call -> answers.add(call.connect())), config.key(), LONG);
      called.know(List.of(meeting.node));
      meeting.awaitAttached();
      PeerNode impostor = meeting.start(meeting.config(key(), List.of(meeting.node)), key(), LONG);
      CompletableFuture<PeerConnection> calling = impostor.connect(called.id());
      // TLS 1.3 had told the impostor that all was well: the greeting is what it waited for.
      sentAway(calling);
      assertEquals(PeerEnd.Kind.NOT_WHO_IT_SAYS, Meeting.end(TwoPeers.next(answers)).kind());
    }
  }

  @Test
  void aPeerThatWantsABarePathIsGivenUp() throws Exception {
    try (Meeting meeting = new Meeting()) {
      PeerNodeConfig config = meeting.config(key(), List.of(meeting.node));
      PeerNode bare =
          meeting.start(config.answering(call -> answers.add(call.accept())), config.key(), LONG);
      meeting.awaitAttached();
      PeerNodeConfig other = meeting.config(key(), List.of(meeting.node));
      PeerNode caller = meeting.start(other, other.key(), SHORT);
      PeerEnd end = Meeting.end(caller.connect(bare.id()));
      assertEquals(PeerEnd.Kind.TIMED_OUT, end.kind());
      assertTrue(end.words().contains("does not speak QUIC"), end.words());
    }
  }

  @Test
  void aCallerThatWantsABarePathIsGivenUp() throws Exception {
    try (Meeting meeting = new Meeting()) {
      PeerNodeConfig config = meeting.config(key(), List.of(meeting.node));
      PeerNode called =
          meeting.start(config.answering(call -> answers.add(call.connect())), config.key(), SHORT);
      meeting.awaitAttached();
      BlockingQueue<IceState> closed = new LinkedBlockingQueue<>();
      CompletableFuture<SessionConnection> path =
          meeting.callee.call(
              called.id(),
              event -> {
                if (event instanceof ConnectionEvent.Ice ice
                    && ice.event() instanceof IceEvent.StateChanged changed
                    && changed.state() == IceState.CLOSED) {
                  closed.add(changed.state());
                }
              });
      within(path);
      assertEquals(PeerEnd.Kind.TIMED_OUT, Meeting.end(TwoPeers.next(answers)).kind());
      TwoPeers.next(closed);
    }
  }

  @Test
  void twoWhoCallEachOtherAtOnceGetTheSameConnection() throws Exception {
    try (Meeting meeting = new Meeting()) {
      PeerNode other = meeting.caller();
      BlockingQueue<PeerConnection> taken = new LinkedBlockingQueue<>();
      other.listen(taken::add);
      meeting.awaitAttached();
      CompletableFuture<PeerConnection> one = meeting.callee.connect(other.id());
      CompletableFuture<PeerConnection> two = other.connect(meeting.callee.id());
      PeerConnection here = within(one);
      PeerConnection there = within(two);
      BlockingQueue<PeerStream> opened = new LinkedBlockingQueue<>();
      there.onStream(opened::add);
      PeerStream stream = within(here.open());
      stream.output().write(5);
      assertEquals(5, TwoPeers.next(opened).input().read());
    }
  }
}
