package dev.culvert.peer;

import dev.culvert.ice.ComponentId;
import dev.culvert.ice.IceEvent;
import dev.culvert.ice.IcePath;
import dev.culvert.ice.engine.ConnectionEvent;
import dev.culvert.identity.PeerId;
import dev.culvert.rendezvous.call.CallEnd;
import dev.culvert.session.meet.PunchNews;
import dev.culvert.transport.quic.QuicEnd;
import dev.culvert.transport.quic.QuicEndpoint;
import dev.culvert.transport.quic.QuicLink;
import dev.culvert.transport.quic.QuicListener;
import dev.culvert.transport.quic.QuicStream;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * How a call becomes an encrypted connection: its path, QUIC over that, the peer's key, and a
 * greeting both ways; and what becomes of it afterwards. On the loop.
 */
final class Linking implements QuicListener {
  private final PeerId peer;
  private final QuicEndpoint endpoint;
  private final EventLoop loop;
  private final Duration patience;
  private final List<Waiting> waiting = new ArrayList<>();
  private Optional<SessionConnection> session = Optional.empty();
  private @Nullable PeerConnection connection;
  private Optional<String> plan = Optional.empty();
  private boolean timed;
  private boolean greeting;
  private boolean connected;
  private @Nullable PeerEnd over;

  /** Who wants the connection, and to hear of it. */
  private record Waiting(
      CompletableFuture<PeerConnection> result, Consumer<? super PeerEvent> events) {}

  /**
   * Before there is a path.
   *
   * @param patience from the first path on: a peer that speaks no QUIC, or is gone, says nothing
   */
  Linking(PeerId peer, QuicEndpoint endpoint, EventLoop loop, Duration patience) {
    this.peer = peer;
    this.endpoint = endpoint;
    this.loop = loop;
    this.patience = patience;
  }

  /** One more wants it, or has it now. */
  void join(CompletableFuture<PeerConnection> result, Consumer<? super PeerEvent> events) {
    Waiting fresh = new Waiting(result, events);
    PeerEnd end = over;
    if (end != null) {
      result.completeExceptionally(new PeerException(end));
    } else if (connected && connection != null) {
      give(connection, fresh);
    } else {
      waiting.add(fresh);
    }
  }

  private static void give(PeerConnection its, Waiting to) {
    if (to.result.complete(its) && to.events != PeerNode.NOBODY) {
      its.onEvent(to.events);
    }
  }

  /** Whether somebody still waits, or has got it and may close it. */
  boolean isWanted() {
    return waiting.stream()
        .anyMatch(each -> !each.result.isDone() || !each.result.isCompletedExceptionally());
  }

  /** Nobody wants it any more. */
  void abandon() {
    if (!connected) {
      finish(Ends.CLOSED);
    }
  }

  /** Both sides agreed, and look for a path. */
  void opened(SessionConnection fresh, boolean caller) {
    session = Optional.of(fresh);
    PeerConnection its = new PeerConnection(peer, caller, loop, endpoint, this);
    connection = its;
    try {
      var unused = fresh.packetChannel(its.link().handler());
    } catch (IllegalStateException e) {
      finish(new PeerEnd(PeerEnd.Kind.HERE, "the path to that peer is handed out already"));
    }
  }

  /** The same wish for another path, for those who wait; this one came to nothing. */
  Linking anew() {
    Linking fresh = new Linking(peer, endpoint, loop, patience);
    fresh.waiting.addAll(waiting);
    waiting.clear();
    session = Optional.empty();
    finish(Ends.CLOSED);
    return fresh;
  }

  /** Something happened to the path. */
  void heard(ConnectionEvent event) {
    PeerConnection its = connection;
    if (!(event instanceof ConnectionEvent.Ice ice) || its == null || over != null) {
      return;
    }
    if (ice.event() instanceof IceEvent.PathChanged changed) {
      path(its, changed.path());
    } else if (ice.event() instanceof IceEvent.PathLost lost
        && lost.component().equals(ComponentId.ONLY)) {
      its.link().pathLost();
      its.changed(Optional.empty());
    }
  }

  private void path(PeerConnection its, IcePath ice) {
    PeerPath now = PeerPath.of(ice, ice.isRelayed() ? Optional.empty() : plan);
    boolean same = its.path().filter(before -> before.isSameWay(now)).isPresent();
    its.changed(Optional.of(now));
    if (!same) {
      its.link().pathChanged();
    }
    if (!timed) {
      timed = true;
      var unused = loop.schedule(this::hurry, patience.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  /** What a plan of hole punching has opened may become the path, and is named with it. */
  void punched(PunchNews news) {
    if (news instanceof PunchNews.Opened opened) {
      plan = Optional.of(String.valueOf(opened.kind()));
    } else if (news instanceof PunchNews.Failed || news instanceof PunchNews.Stays) {
      PeerConnection its = connection;
      if (its != null && over == null) {
        its.staysRelayed(news.words());
      }
    }
  }

  private void hurry() {
    if (!connected) {
      finish(
          new PeerEnd(
              PeerEnd.Kind.TIMED_OUT,
              "there is a path, but the peer does not speak QUIC over it within "
                  + patience.toSeconds()
                  + " s"));
    }
  }

  @Override
  public void ready() {
    PeerConnection its = connection;
    if (its != null && its.isCaller()) {
      CompletableFuture<Void> unused = its.link().open().thenAccept(this::greet);
    }
  }

  private void greet(QuicStream stream) {
    greeting = true;
    Greeting.await(stream, this::greeted, this::broken);
    Greeting.say(stream);
  }

  @Override
  public void stream(QuicStream stream) {
    PeerConnection its = connection;
    if (its == null || over != null) {
      stream.cut(QuicLink.CUT);
    } else if (!its.isCaller() && !greeting && stream.id() == 0) {
      greeting = true;
      Greeting.await(
          stream,
          () -> {
            Greeting.say(stream);
            greeted();
          },
          this::broken);
    } else {
      its.stream(stream);
    }
  }

  private void greeted() {
    PeerConnection its = connection;
    if (its != null && over == null && !connected) {
      connected = true;
      List.copyOf(waiting).forEach(each -> give(its, each));
      if (!isWanted()) {
        its.close();
      }
    }
  }

  private void broken() {
    PeerConnection its = connection;
    if (its != null && !connected) {
      its.link().close(QuicLink.LIMIT, "the greeting of another version");
      finish(new PeerEnd(PeerEnd.Kind.HERE, "the peer speaks another version of the protocol"));
    }
  }

  @Override
  public void datagram(ByteBuf data) {
    if (connection != null) {
      connection.datagram(data);
    }
  }

  @Override
  public void silent() {
    // On the loop, but in the middle of a write that the session may have asked for.
    loop.execute(() -> session.filter(its -> over == null).ifPresent(SessionConnection::doubt));
  }

  @Override
  public void over(QuicEnd end) {
    finish(Ends.of(end));
  }

  /** The call is over, and with it all that was made of it. */
  void callOver(CallEnd reason) {
    finish(Ends.of(reason, connected));
  }

  private void finish(PeerEnd end) {
    if (over != null) {
      return;
    }
    over = end;
    PeerConnection its = connection;
    if (its != null) {
      its.ended(end);
      its.link().close(0, "");
    }
    List.copyOf(waiting).forEach(each -> each.result.completeExceptionally(new PeerException(end)));
    session.ifPresent(SessionConnection::close);
  }
}
