package dev.culvert.peer;

import dev.culvert.identity.PeerCertificates;
import dev.culvert.identity.PeerId;
import dev.culvert.sansio.Bytes;
import dev.culvert.transport.quic.QuicCounts;
import dev.culvert.transport.quic.QuicEndpoint;
import dev.culvert.transport.quic.QuicLink;
import dev.culvert.transport.quic.QuicListener;
import dev.culvert.transport.quic.QuicStream;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * An encrypted connection to a peer whose key was proven: QUIC (RFC 9000) with streams and
 * datagrams (RFC 9221) over whatever path there is, relayed or direct, while that changes below.
 *
 * <p>Safe for any thread; listeners are called on the event loop and must not block.
 */
public final class PeerConnection implements AutoCloseable {
  private static final int MOST_UNTAKEN = 16;
  private static final long PATIENCE_SECONDS = 1;

  private final PeerId peer;
  private final boolean caller;
  private final EventLoop loop;
  private final QuicLink link;
  private final List<Consumer<? super PeerEvent>> listeners = new ArrayList<>();
  private final Queue<PeerStream> untaken = new ArrayDeque<>();
  private final LongAdder droppedIn = new LongAdder();
  private final CompletableFuture<PeerEnd> over = new CompletableFuture<>();
  private @Nullable Consumer<? super PeerStream> streamTaker;
  private volatile @Nullable Consumer<? super Bytes> datagramTaker;
  private volatile Optional<PeerPath> path = Optional.empty();
  private volatile QuicCounts last = new QuicCounts(0, 0, 0, 0, 0, 0, Optional.empty());
  private QuicCounts before = last;
  private Optional<PeerEvent.StaysRelayed> stays = Optional.empty();
  private boolean watching;

  /** Its link is still to be put into the path. */
  PeerConnection(
      PeerId peer, boolean caller, EventLoop loop, QuicEndpoint endpoint, QuicListener events) {
    this.peer = peer;
    this.caller = caller;
    this.loop = loop;
    this.link =
        endpoint.link(caller, certificate -> PeerCertificates.isOf(peer, certificate), events);
  }

  QuicLink link() {
    return link;
  }

  /** Who is at the other end, proven by its key. */
  public PeerId peer() {
    return peer;
  }

  /** Whether this side called. */
  public boolean isCaller() {
    return caller;
  }

  /** The way that data goes at present; empty while there is none and another is looked for. */
  public Optional<PeerPath> path() {
    return path;
  }

  /** QUIC's smoothed round trip; empty before it is known. */
  public Optional<Duration> roundTrip() {
    return counts().roundTrip();
  }

  /** What went over it so far. */
  public PeerStatistics statistics() {
    QuicCounts now = counts();
    return new PeerStatistics(
        now.sentPackets(),
        now.receivedPackets(),
        now.lostPackets(),
        now.sentBytes(),
        now.receivedBytes(),
        now.droppedDatagrams() + droppedIn.sum());
  }

  /** As they are now, or as they were last if the loop does not answer. */
  private QuicCounts counts() {
    try {
      QuicCounts now = link.counts().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      if (now.sentPackets() >= last.sentPackets()) {
        last = now;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      return last;
    }
    return last;
  }

  /**
   * Opens a stream in both directions. The peer hears of it with its first byte.
   *
   * @return completes as soon as the peer allows one more, or exceptionally with a {@link
   *     PeerException}
   */
  public CompletableFuture<PeerStream> open() {
    CompletableFuture<PeerStream> result = new CompletableFuture<>();
    CompletableFuture<QuicStream> opening = link.open();
    CompletableFuture<Boolean> unused =
        opening.handle(
            (stream, fault) -> {
              if (stream == null) {
                return result.completeExceptionally(new PeerException(why()));
              }
              PeerStream fresh = new PeerStream(this, stream);
              if (!result.complete(fresh)) {
                fresh.close();
              }
              return true;
            });
    return result;
  }

  private PeerEnd why() {
    return over.getNow(
        new PeerEnd(PeerEnd.Kind.LIMIT, "too many streams wait to be opened, or none can be"));
  }

  /**
   * Takes the streams that the peer opens from now on, and those that it has opened before, of
   * which 16 wait; further ones are cut off, and so is one at which the taker throws.
   */
  public void onStream(Consumer<? super PeerStream> taker) {
    onLoop(
        () -> {
          streamTaker = taker;
          for (PeerStream next = untaken.poll(); next != null; next = untaken.poll()) {
            hand(next, taker);
          }
        });
  }

  /** The most bytes of a datagram that the present path takes; at least 1,000. */
  public int maxDatagram() {
    return link.longestDatagram();
  }

  /**
   * Sends a datagram, which may be lost, doubled or overtaken (RFC 9221).
   *
   * @return false: it is empty or too long, too much waits already or there is no connection; it is
   *     dropped
   */
  public boolean send(Bytes datagram) {
    return link.send(datagram);
  }

  /** Takes the datagrams of the peer; what comes while nobody takes them is dropped. */
  public void onDatagram(Consumer<? super Bytes> taker) {
    datagramTaker = taker;
  }

  /** Tells what happens to it from now on, the present path first. */
  public void onEvent(Consumer<? super PeerEvent> listener) {
    onLoop(
        () -> {
          path.ifPresent(its -> tell(listener, new PeerEvent.PathChanged(Optional.empty(), its)));
          stays.ifPresent(its -> tell(listener, its));
          @Nullable PeerEnd end = over.getNow(null);
          if (end != null) {
            tell(listener, new PeerEvent.Ended(end));
            return;
          }
          listeners.add(listener);
          if (!watching) {
            watching = true;
            watchSoon();
          }
        });
  }

  /** Completes once it is over, with the reason; never exceptionally. */
  public CompletableFuture<PeerEnd> over() {
    return over.copy();
  }

  /** Ends it, and tells the peer; what was not sent by then is lost. */
  @Override
  public void close() {
    link.close(0, "");
  }

  private void onLoop(Runnable action) {
    if (loop.inEventLoop()) {
      action.run();
      return;
    }
    try {
      loop.execute(action);
    } catch (RejectedExecutionException e) {
      // Its runtime is closed, and nothing will happen to it any more.
    }
  }

  // What follows is on the loop.

  private static void tell(Consumer<? super PeerEvent> listener, PeerEvent event) {
    PeerNode.guarded(() -> listener.accept(event));
  }

  /** Why there is no direct path so far; those who listen later want to know it, too. */
  void staysRelayed(String reason) {
    PeerEvent.StaysRelayed its = new PeerEvent.StaysRelayed(reason);
    stays = Optional.of(its);
    tell(its);
  }

  void tell(PeerEvent event) {
    List.copyOf(listeners).forEach(each -> tell(each, event));
  }

  private void watchSoon() {
    var unused = loop.schedule(this::watch, 1, TimeUnit.SECONDS);
  }

  private void watch() {
    if (over.isDone()) {
      return;
    }
    QuicCounts now = link.counts().getNow(before);
    long sent = now.sentPackets() - before.sentPackets();
    long lost = now.lostPackets() - before.lostPackets();
    boolean used = sent > 0 || now.receivedPackets() > before.receivedPackets();
    before = now;
    if (used) {
      double loss = sent > 0 ? Math.max(0, Math.min(1, (double) lost / sent)) : 0;
      now.roundTrip().ifPresent(its -> tell(new PeerEvent.Quality(its, loss)));
    }
    watchSoon();
  }

  void changed(Optional<PeerPath> now) {
    Optional<PeerPath> then = path;
    path = now;
    if (now.filter(PeerPath::isDirect).isPresent()) {
      stays = Optional.empty();
    }
    if (now.isEmpty()) {
      if (then.isPresent()) {
        tell(new PeerEvent.PathLost());
      }
    } else if (!then.map(its -> its.isSameWay(now.get())).orElse(false)) {
      tell(new PeerEvent.PathChanged(then, now.get()));
    }
  }

  void stream(QuicStream fresh) {
    PeerStream stream = new PeerStream(this, fresh);
    Consumer<? super PeerStream> taker = streamTaker;
    if (taker != null) {
      hand(stream, taker);
    } else if (untaken.size() < MOST_UNTAKEN) {
      untaken.add(stream);
    } else {
      fresh.cut(QuicLink.UNTAKEN);
    }
  }

  /** Whoever throws does not read it, and the peer is to hear that. */
  private static void hand(PeerStream stream, Consumer<? super PeerStream> taker) {
    PeerNode.guarded(
        () -> {
          boolean taken = false;
          try {
            taker.accept(stream);
            taken = true;
          } finally {
            if (!taken) {
              stream.close();
            }
          }
        });
  }

  void datagram(ByteBuf data) {
    Consumer<? super Bytes> taker = datagramTaker;
    if (taker == null) {
      droppedIn.increment();
      return;
    }
    byte[] copy = new byte[data.readableBytes()];
    data.readBytes(copy);
    PeerNode.guarded(() -> taker.accept(Bytes.wrap(copy)));
  }

  void ended(PeerEnd end) {
    path = Optional.empty();
    if (over.complete(end)) {
      tell(new PeerEvent.Ended(end));
      listeners.clear();
      untaken.clear();
    }
  }
}
