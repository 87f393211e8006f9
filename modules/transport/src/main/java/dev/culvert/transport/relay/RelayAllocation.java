package dev.culvert.transport.relay;

import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.MonotonicTime;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.stun.LongTermCredential;
import dev.culvert.stun.StunUri;
import dev.culvert.transport.NetworkRuntime;
import dev.culvert.turn.client.TurnClient;
import dev.culvert.turn.client.TurnClientConfig;
import dev.culvert.turn.client.TurnClientEvent;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An address on a relay under which peers reach this host (RFC 8656), kept alive until it is closed
 * or lost.
 *
 * <p>Safe for any thread. Futures complete and listeners are called on the allocation's event loop,
 * where nothing may block. Each peer's datagrams go to one place: to the {@link #channel} that
 * leads to it, or else to the {@link #socket}, or else nowhere.
 */
public final class RelayAllocation implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RelayAllocation.class);
  private static final long LONGEST_GOODBYE_SECONDS = 4;

  private final TurnClient client;
  private final Consumer<? super TurnClientEvent> listener;
  private final CompletableFuture<RelayAllocation> opened = new CompletableFuture<>();
  private final CompletableFuture<TurnClientEvent> ended = new CompletableFuture<>();
  private final Permits permits = new Permits();
  private final Views views = new Views(this);
  private @Nullable Carrier carrier;
  private @Nullable TurnClientEvent last;
  private volatile TurnClientEvent.@Nullable Allocated allocated;
  private volatile @Nullable RelayException outage = new RelayException(0, "not allocated yet");

  RelayAllocation(TurnClient client, Consumer<? super TurnClientEvent> listener) {
    this.client = client;
    this.listener = listener;
  }

  /**
   * Gets an allocation from one server, over a socket or connection of its own.
   *
   * @param runtime has the event loops, and knows whom TLS and DTLS trust
   * @param config which relay, and how
   * @return completes once peers can be permitted, or exceptionally with a {@link RelayException};
   *     if it is cancelled, what comes of it is given back
   */
  public static CompletableFuture<RelayAllocation> open(
      NetworkRuntime runtime, TurnClientConfig config) {
    return open(runtime, config, event -> {});
  }

  /**
   * The same, with a listener.
   *
   * @param listener is called with everything that the client tells, losses above all
   */
  public static CompletableFuture<RelayAllocation> open(
      NetworkRuntime runtime, TurnClientConfig config, Consumer<? super TurnClientEvent> listener) {
    TurnClient client = new TurnClient(config, new SecureRandom());
    RelayAllocation allocation = new RelayAllocation(client, listener);
    Observed machine = new Observed(client, allocation.views::setWritable);
    allocation.begin(new DriverCarrier(runtime, machine, allocation::heard));
    allocation.execute(machine::begin);
    return allocation.opened;
  }

  /**
   * Gets an allocation from the server that a URI names (RFC 7065): its addresses are looked up and
   * tried one after the other.
   *
   * @param uri {@code turn:} or {@code turns:}; over TLS and DTLS the server must prove to be its
   *     host
   * @throws IllegalArgumentException if it is another URI
   */
  public static CompletableFuture<RelayAllocation> open(
      NetworkRuntime runtime, StunUri uri, LongTermCredential credential) {
    return open(runtime, uri, credential, UnaryOperator.identity(), event -> {});
  }

  /**
   * The same with settings and a listener.
   *
   * @param settings changes the configuration of each server that is tried
   * @param listener is called with everything that the clients tell, losses above all
   */
  public static CompletableFuture<RelayAllocation> open(
      NetworkRuntime runtime,
      StunUri uri,
      LongTermCredential credential,
      UnaryOperator<TurnClientConfig> settings,
      Consumer<? super TurnClientEvent> listener) {
    if (!uri.scheme().isRelay()) {
      throw new IllegalArgumentException(uri + " is no relay: it begins with turn: or turns:");
    }
    return ServerSearch.of(runtime, uri)
        .thenCompose(servers -> new Attempts(runtime, credential, settings, listener).any(servers));
  }

  /** Where peers send to. */
  public TransportAddress relayed() {
    return standing().relayed().get(0);
  }

  /** The same, of each IP version that the relay granted. */
  public List<TransportAddress> allRelayed() {
    return standing().relayed();
  }

  /** This host as the relay sees it. */
  public TransportAddress mapped() {
    return standing().mapped();
  }

  /** The server that relays: the one asked, or one that it named instead. */
  public TransportAddress server() {
    return standing().server();
  }

  private TurnClientEvent.Allocated standing() {
    TurnClientEvent.Allocated last = allocated;
    if (last == null) {
      throw new IllegalStateException("there was never an allocation");
    }
    return last;
  }

  /**
   * Completes with the last event: {@link TurnClientEvent.Lost}, {@link TurnClientEvent.Closed} or,
   * after a loss that another allocation was to follow, {@link TurnClientEvent.Failed}. The
   * listener was told of it before.
   */
  public CompletableFuture<TurnClientEvent> ended() {
    return ended.copy();
  }

  /**
   * Lets a peer send, from any port of its address.
   *
   * @return completes once the relay agreed, or exceptionally with a {@link RelayException}
   */
  public CompletableFuture<Void> permit(TransportAddress peer) {
    CompletableFuture<Void> result = new CompletableFuture<>();
    onLoop(() -> permit(peer, result), () -> fail(result));
    return result;
  }

  private void permit(TransportAddress peer, CompletableFuture<Void> result) {
    if (last != null) {
      fail(result);
    } else {
      permits.wait(peer.ip(), result);
      execute(now -> client.permit(peer, now));
    }
  }

  private void fail(CompletableFuture<Void> result) {
    outage().ifPresent(result::completeExceptionally);
  }

  /** Runs the one on the loop, also when the client is done, or the other if there is no loop. */
  private void onLoop(Runnable action, Runnable otherwise) {
    try {
      loop().execute(action);
    } catch (RejectedExecutionException e) {
      otherwise.run();
    }
  }

  /**
   * The path to one peer as a channel whose messages are {@code ByteBuf}s, each a datagram. It is
   * registered with the allocation's event loop and active, or soon is. The peer may send from now
   * on. While there is no allocation, writes fail with a {@link RelayException}; when there will be
   * none any more, the channel closes with it. {@link TurnClientEvent}s about the peer and the
   * allocation reach its handlers as user events.
   *
   * @param peer its address and port
   * @throws IllegalStateException if there is such a channel already
   */
  public Channel channel(TransportAddress peer) {
    return views.open(peer);
  }

  /**
   * Peers without a {@link #channel} of their own, as a socket. Who is sent to may answer; others
   * need {@link #permit}. Of datagrams that nobody receives it keeps 1,024, and drops those that
   * come later. Options of the system do nothing, and there is no multicast.
   *
   * @throws IllegalStateException if there is one already that is not closed
   */
  public DatagramSocket socket() {
    return views.openSocket();
  }

  /** How many datagrams came that nobody took or for which there was no room. */
  public long dropped() {
    return views.dropped();
  }

  /**
   * Gives the allocation back.
   *
   * @return completes once the relay knows, or after a few seconds without an answer
   */
  public CompletableFuture<Void> closeSoon() {
    execute(client::close);
    return ended.thenAccept(last -> {});
  }

  /** The same, and waits for it unless this is the event loop. Harmless when repeated. */
  @Override
  public void close() {
    CompletableFuture<Void> closed = closeSoon();
    if (loop().inEventLoop()) {
      return;
    }
    try {
      closed.get(LONGEST_GOODBYE_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException | ExecutionException e) {
      LOG.debug("The event loop of an allocation is gone.", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  // What follows is for this package.

  void begin(Carrier newCarrier) {
    carrier = newCarrier;
    String why = "the event loops were closed";
    TurnClientEvent lost = new TurnClientEvent.Lost(0, why);
    newCarrier.whenReleased(
        () -> {
          if (last == null) {
            finish(lost, new RelayException(0, why));
            ended.complete(lost);
          }
        });
  }

  CompletableFuture<RelayAllocation> opened() {
    return opened;
  }

  Views views() {
    return views;
  }

  EventLoop loop() {
    return running().loop();
  }

  void execute(Consumer<MonotonicTime> action) {
    running().execute(action);
  }

  /** Runs what sends datagrams, on the loop; also once there is nobody left who could send them. */
  void batch(Runnable sends) {
    AtomicBoolean ran = new AtomicBoolean();
    execute(
        now -> {
          ran.set(true);
          sends.run();
        });
    if (!ran.get()) {
      sends.run();
    }
  }

  private Carrier running() {
    if (carrier == null) {
      throw new IllegalStateException("not begun");
    }
    return carrier;
  }

  /** Why there is no allocation at present; empty if there is one. */
  Optional<RelayException> outage() {
    return Optional.ofNullable(outage);
  }

  /** Sends a datagram; on the loop only. */
  boolean send(TransportAddress peer, Bytes data, MonotonicTime now) {
    return client.send(peer, data, now);
  }

  /** A channel wants its peer to be able to send, or to know that there is no allocation. */
  void permitFor(PeerPath path) {
    onLoop(
        () -> {
          path.channel().changed();
          if (last != null) {
            outage().ifPresent(why -> path.channel().end(why, false));
          } else {
            execute(now -> client.permit(path.peer(), now));
          }
        },
        () -> {});
  }

  /** No view needs this address any more. */
  void leave(TransportAddress peer) {
    if (!ended.isDone() && !permits.isWanted(peer.ip())) {
      execute(now -> client.forget(peer.ip(), now));
    }
  }

  /** The event loop's part: what the client tells. */
  void heard(TurnClientEvent event) {
    if (event instanceof TurnClientEvent.Received received) {
      views.received(received.peer(), received.data());
    } else if (event instanceof TurnClientEvent.Allocated granted) {
      allocated = granted;
      outage = null;
      views.tell(event);
      views.changed();
      opened.complete(this);
      if (opened.isCancelled()) {
        execute(client::close);
      }
    } else if (event instanceof TurnClientEvent.Permitted permitted) {
      granted(permitted.peer());
    } else if (event instanceof TurnClientEvent.ChannelBound bound) {
      granted(bound.peer().ip());
    } else if (event instanceof TurnClientEvent.PeerRefused refused) {
      RelayException why = new RelayException(refused.code(), refused.reason());
      permits.refused(refused.peer(), why);
      views.refused(refused, why);
    } else if (event instanceof TurnClientEvent.PeerUnreachable unreachable) {
      views.unreachable(unreachable);
    } else {
      heardOfTheEnd(event);
    }
    try {
      listener.accept(event);
    } catch (RuntimeException e) {
      LOG.error("An event listener threw.", e);
    } finally {
      // Not before: whoever waits for the end may ask what the listener was told.
      TurnClientEvent end = last;
      if (end != null) {
        ended.complete(end);
      }
    }
  }

  private void granted(InetAddress ip) {
    permits.granted(ip);
    views.granted(ip);
  }

  private void heardOfTheEnd(TurnClientEvent event) {
    if (event instanceof TurnClientEvent.Lost lost) {
      RelayException why =
          new RelayException(lost.code(), "the allocation is lost: " + lost.reason());
      outage = why;
      permits.clear();
      views.tell(event);
      views.changed();
      if (client.hasEnded()) {
        finish(event, why);
      }
    } else if (event instanceof TurnClientEvent.Failed failed) {
      finish(event, new RelayException(failed.code(), failed.reason()));
    } else if (event instanceof TurnClientEvent.Closed) {
      finish(event, new RelayException(0, "the allocation is closed"));
    }
  }

  /** Ends everything but {@link #ended}, which the listener comes before. */
  private void finish(TurnClientEvent event, RelayException why) {
    if (last != null) {
      return;
    }
    last = event;
    outage = why;
    opened.completeExceptionally(why);
    permits.fail(why);
    views.end(why, !(event instanceof TurnClientEvent.Closed));
    if (carrier != null) {
      carrier.release();
    }
  }
}
