package dev.culvert.peer;

import dev.culvert.ice.Candidate;
import dev.culvert.ice.ComponentId;
import dev.culvert.ice.IceEvent;
import dev.culvert.ice.IcePath;
import dev.culvert.ice.IceState;
import dev.culvert.ice.PairFate;
import dev.culvert.ice.engine.ConnectionEvent;
import dev.culvert.ice.engine.IceConnection;
import dev.culvert.ice.text.IceDescription;
import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.MonotonicTime;
import dev.culvert.session.DirectFlows;
import dev.culvert.session.PeerLink;
import dev.culvert.transport.view.ViewChannel;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import java.net.DatagramSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A connection of a {@link SessionEngine}. What is asked of it before its link is open waits for
 * that, in order.
 */
public final class SessionConnection implements IceConnection {
  private final SessionEngine engine;
  private final Consumer<? super ConnectionEvent> listener;
  private final List<CompletableFuture<?>> waiting = new ArrayList<>();
  private final List<CompletableFuture<IceDescription>> wantComplete = new ArrayList<>();
  private final List<CompletableFuture<IcePath>> wantPath = new ArrayList<>();
  private final DataPath data;
  private @Nullable PeerLink link;
  private boolean complete;
  private volatile boolean over;
  private volatile Optional<IcePath> path = Optional.empty();
  private volatile IceState state = IceState.NEW;

  SessionConnection(SessionEngine engine, Consumer<? super ConnectionEvent> listener) {
    this.engine = engine;
    this.listener = listener;
    this.data =
        new DataPath(engine.driver(), late -> listener.accept(new ConnectionEvent.Ice(late)));
  }

  /** On the loop, before anything else. */
  void opened(PeerLink fresh) {
    link = fresh;
    data.opened(fresh);
  }

  /** On the loop. */
  void flows(DirectFlows flows) {
    data.use(flows);
  }

  @Override
  public CompletableFuture<IceDescription> description() {
    return ask((its, now) -> its.description());
  }

  @Override
  public CompletableFuture<IceDescription> complete() {
    CompletableFuture<IceDescription> result = new CompletableFuture<>();
    promise(
        result,
        (its, now) -> {
          if (complete) {
            result.complete(its.description());
          } else {
            wantComplete.add(result);
          }
        });
    return result;
  }

  @Override
  public void remote(IceDescription description) {
    run((its, now) -> its.remote(description, now));
  }

  @Override
  public void addRemote(Candidate candidate) {
    run((its, now) -> its.addRemote(candidate, now));
  }

  @Override
  public void endRemote() {
    run(PeerLink::endRemote);
  }

  @Override
  public void peerBegan() {
    run(PeerLink::peerBegan);
  }

  @Override
  public void peerFailed() {
    run(PeerLink::peerFailed);
  }

  @Override
  public CompletableFuture<IceDescription> restart() {
    return ask(PeerLink::restart);
  }

  /** The owner suspects the path, see {@link PeerLink#doubt}. */
  public void doubt() {
    run(PeerLink::doubt);
  }

  @Override
  public void send(Bytes data) {
    run((its, now) -> its.send(data, now));
  }

  /**
   * Completes with the path as soon as there is one, or exceptionally with an {@link
   * IllegalStateException} when this attempt fails or the connection is closed.
   */
  public CompletableFuture<IcePath> connected() {
    CompletableFuture<IcePath> result = new CompletableFuture<>();
    promise(
        result,
        (its, now) -> {
          wantPath.add(result);
          path.ifPresent(this::tellPath);
        });
    return result;
  }

  private void tellPath(IcePath its) {
    wantPath.forEach(each -> each.complete(its));
    wantPath.clear();
  }

  /**
   * The path as a channel that stays the same, with constant addresses that mean nothing, while the
   * path below goes over to another relay, to a direct way or to another network. What is written
   * is a {@code ByteBuf} for each datagram, and so is what is read.
   *
   * <p>It is registered with the engine's event loop and active, or soon is. While it is open, what
   * the peer sends goes to it, and not to the listener. While there is no path, writes fail with a
   * {@link NoPathException} and the channel is not writable; while the socket below is full, they
   * wait. {@link IceEvent}s reach its handlers as user events. Of what comes while nobody reads it
   * keeps 256 datagrams. It closes with the connection, and may be closed before.
   *
   * @param handler is in its pipeline before anything can come; a {@link
   *     io.netty.channel.ChannelInitializer} puts in several
   * @throws IllegalStateException if the path is handed out already and that view is not closed
   */
  public Channel channel(ChannelHandler handler) {
    return data.views().openChannel(ViewChannel.Messages.BYTES, handler);
  }

  /**
   * The same for handlers that want {@link io.netty.channel.socket.DatagramPacket}s, such as QUIC
   * codecs: they come from {@link Channel#remoteAddress} to {@link Channel#localAddress}, and are
   * written to the former.
   *
   * @throws IllegalStateException as of {@link #channel}
   */
  public Channel packetChannel(ChannelHandler handler) {
    return data.views().openChannel(ViewChannel.Messages.PACKETS, handler);
  }

  /**
   * The path as a socket that is connected to one constant address, which means nothing. While it
   * is open, what the peer sends goes to it, and not to the listener. What is sent while there is
   * no path is dropped; whoever sends faster than the path takes is held up. Of what nobody
   * receives it keeps 1,024 datagrams. Options of the system do nothing. Once the connection is
   * closed it throws; closing it leaves the connection.
   *
   * @throws IllegalStateException if the path is handed out already and that view is not closed
   */
  public DatagramSocket socket() {
    return data.views().openSocket();
  }

  /** Datagrams for which a {@link #channel} or {@link #socket} had no room. */
  public long dropped() {
    return data.views().dropped();
  }

  @Override
  public Optional<IcePath> path() {
    return path;
  }

  @Override
  public IceState state() {
    return state;
  }

  @Override
  public CompletableFuture<List<PairFate>> fates() {
    return ask((its, now) -> its.fates());
  }

  @Override
  public void close() {
    run(
        (its, now) -> {
          its.close(now);
          engine.forget(its);
          abandon();
        });
  }

  private void run(BiConsumer<PeerLink, MonotonicTime> action) {
    engine
        .driver()
        .execute(
            now -> {
              @Nullable PeerLink its = link;
              if (its != null && !over) {
                action.accept(its, now);
              }
            },
            this::abandon);
  }

  private <T> CompletableFuture<T> ask(BiFunction<PeerLink, MonotonicTime, T> question) {
    CompletableFuture<T> result = new CompletableFuture<>();
    promise(result, (its, now) -> result.complete(question.apply(its, now)));
    return result;
  }

  /** Fails the future if nobody is there any more who could complete it. */
  private void promise(CompletableFuture<?> result, BiConsumer<PeerLink, MonotonicTime> action) {
    synchronized (waiting) {
      waiting.removeIf(CompletableFuture::isDone);
      waiting.add(result);
    }
    run(action);
    if (over) {
      abandon();
    }
  }

  /** Nothing comes of it any more. */
  void abandon() {
    over = true;
    state = IceState.CLOSED;
    path = Optional.empty();
    List<CompletableFuture<?>> left;
    synchronized (waiting) {
      left = List.copyOf(waiting);
      waiting.clear();
    }
    data.end();
    left.forEach(
        each -> each.completeExceptionally(new IllegalStateException("the connection is closed")));
  }

  /** On the loop. */
  void heard(ConnectionEvent event) {
    if (event instanceof ConnectionEvent.LocalCandidatesEnd end) {
      complete = true;
      wantComplete.forEach(each -> each.complete(end.description()));
      wantComplete.clear();
    } else if (event instanceof ConnectionEvent.Restarted) {
      complete = false;
    } else if (event instanceof ConnectionEvent.Ice ice) {
      if (ice.event() instanceof IceEvent.Received received && data.take(received.data())) {
        return;
      }
      note(ice.event());
    }
    listener.accept(event);
  }

  private void note(IceEvent event) {
    if (event instanceof IceEvent.StateChanged changed) {
      state = changed.state();
    } else if (event instanceof IceEvent.PathChanged changed) {
      path = Optional.of(changed.path());
      tellPath(changed.path());
    } else if (event instanceof IceEvent.Failed failed) {
      IllegalStateException why = new IllegalStateException("no path: " + failed.reason());
      wantPath.forEach(each -> each.completeExceptionally(why));
      wantPath.clear();
    } else if (event instanceof IceEvent.PathLost lost
        && lost.component().equals(ComponentId.ONLY)) {
      path = Optional.empty();
    }
    data.told(event);
  }
}
