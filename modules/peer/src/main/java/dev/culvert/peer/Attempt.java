package dev.culvert.peer;

import dev.culvert.ice.IceEvent;
import dev.culvert.ice.IceState;
import dev.culvert.ice.engine.ConnectionEvent;
import dev.culvert.rendezvous.call.CallEnd;
import dev.culvert.session.PeerLink;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** A call, from the wish for it to its end, and who waits for its path; on the loop. */
final class Attempt {
  private final Consumer<? super ConnectionEvent> events;
  private final List<CompletableFuture<SessionConnection>> waiting = new ArrayList<>();
  private Optional<SessionConnection> connection = Optional.empty();
  private Optional<PeerLink> link = Optional.empty();
  private Optional<Linking> linking = Optional.empty();
  private boolean caller;
  private boolean connected;

  Attempt(Consumer<? super ConnectionEvent> events) {
    this.events = events;
  }

  /** One more waits for the path, or has it now. */
  void await(CompletableFuture<SessionConnection> result) {
    waiting.add(result);
    if (connected) {
      connection.ifPresent(result::complete);
    }
  }

  /** Whether somebody still waits, or has got the connection and may close it. */
  boolean isWanted() {
    waiting.removeIf(Attempt::gaveUp);
    return !waiting.isEmpty() || linking.filter(Linking::isWanted).isPresent();
  }

  /** Whether somebody wants the path itself. */
  boolean isBare() {
    return !waiting.isEmpty();
  }

  private static boolean gaveUp(CompletableFuture<SessionConnection> result) {
    return result.isDone() && (result.isCompletedExceptionally() || result.join() == null);
  }

  /** It is to become an encrypted connection. */
  void become(Linking its) {
    linking = Optional.of(its);
    connection.ifPresent(
        opened -> {
          its.opened(opened, caller);
          opened
              .path()
              .ifPresent(
                  path -> its.heard(new ConnectionEvent.Ice(new IceEvent.PathChanged(path))));
        });
  }

  /** What makes an encrypted connection of it; empty: its path is wanted bare. */
  Optional<Linking> linking() {
    return linking;
  }

  void opened(PeerLink fresh, boolean calls, SessionEngine engine) {
    link = Optional.of(fresh);
    caller = calls;
    SessionConnection adopted = engine.adopt(fresh, this::heard);
    connection = Optional.of(adopted);
    linking.ifPresent(its -> its.opened(adopted, calls));
  }

  /** The peer is called anew, and what was made for the path so far is nothing. */
  void reopened(SessionEngine engine) {
    link.ifPresent(engine::forget);
    link = Optional.empty();
    linking = linking.map(Linking::anew);
    connection.ifPresent(SessionConnection::abandon);
    connection = Optional.empty();
  }

  private void heard(ConnectionEvent event) {
    linking.ifPresent(its -> its.heard(event));
    events.accept(event);
  }

  /** Those who wait may do anything then, also with this. */
  void connected() {
    connected = true;
    List<CompletableFuture<SessionConnection>> told = List.copyOf(waiting);
    connection.ifPresent(its -> told.forEach(each -> each.complete(its)));
  }

  /** Nothing follows; {@code listener} is how the connection's own is called. */
  void over(CallEnd reason, SessionEngine engine, Consumer<Runnable> listener) {
    link.ifPresent(engine::forget);
    linking.ifPresent(its -> its.callOver(reason));
    connection.ifPresent(
        its -> {
          listener.accept(
              () -> its.heard(new ConnectionEvent.Ice(new IceEvent.StateChanged(IceState.CLOSED))));
          its.abandon();
        });
    fail(reason);
  }

  void fail(CallEnd reason) {
    linking.ifPresent(its -> its.callOver(reason));
    List.copyOf(waiting).forEach(each -> each.completeExceptionally(new MeetException(reason)));
  }
}
