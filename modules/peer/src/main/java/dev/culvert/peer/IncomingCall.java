package dev.culvert.peer;

import dev.culvert.ice.engine.ConnectionEvent;
import dev.culvert.identity.PeerId;
import dev.culvert.rendezvous.call.Admission;
import dev.culvert.rendezvous.call.CallEnd;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * Somebody calls who may, and waits for an answer; for a minute at most. Nothing was told of this
 * peer so far. Safe for any thread.
 */
public final class IncomingCall {
  private final PeerNode node;
  private final long call;
  private final PeerId from;
  private final Admission admission;
  private final CompletableFuture<CallEnd> over = new CompletableFuture<>();

  IncomingCall(PeerNode node, long call, PeerId from, Admission admission) {
    this.node = node;
    this.call = call;
    this.from = from;
    this.admission = admission;
  }

  /** Who, proven. */
  public PeerId from() {
    return from;
  }

  /** Why it may. */
  public Admission admission() {
    return admission;
  }

  /**
   * Says yes.
   *
   * @return completes once there is a path, or exceptionally with a {@link MeetException}
   */
  public CompletableFuture<SessionConnection> accept() {
    return accept(event -> {});
  }

  /** The same; {@code events} is called on the event loop with what happens to the connection. */
  public CompletableFuture<SessionConnection> accept(Consumer<? super ConnectionEvent> events) {
    return node.accept(call, events);
  }

  /**
   * Says yes to an encrypted connection.
   *
   * @return completes once the caller has proven its key, or exceptionally with a {@link
   *     PeerException}
   */
  public CompletableFuture<PeerConnection> connect() {
    return connect(PeerNode.NOBODY);
  }

  /**
   * The same; {@code events} is called on the event loop with what happens to the connection. A
   * caller that wants the bare path speaks no QUIC, and is given up after 20 s.
   */
  public CompletableFuture<PeerConnection> connect(Consumer<? super PeerEvent> events) {
    return node.answer(call, from, events);
  }

  /**
   * Completes on the event loop once it is over, answered or not: whoever rings stops then.
   *
   * @return why; {@link CallEnd#PEER_LEFT} if the caller gave up
   */
  public CompletableFuture<CallEnd> over() {
    return over.copy();
  }

  /** Nothing follows. */
  void end(CallEnd reason) {
    over.complete(reason);
  }

  /** Says no. */
  public void decline() {
    node.decline(call);
  }
}
