package dev.culvert.transport.server;

import dev.culvert.sansio.Transport;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.turn.server.TurnCount;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.handler.ssl.SslContext;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A running STUN server, and a relay if it was given one. Of clients without an allocation it holds
 * nothing beyond their open connections.
 *
 * <p>Safe for every thread but its own event loops, on which nothing may wait for it.
 */
@SuppressWarnings("FutureReturnValueIgnored") // What fails closes the channel, or is counted there.
public final class StunServer implements AutoCloseable {
  /** How often another port is tried where the system was to choose one for several sockets. */
  private static final int PORT_ATTEMPTS = 16;

  private static final int DRAIN_POLL_MILLIS = 20;

  private final Binder binder;
  private final MultiThreadIoEventLoopGroup group;
  private final Map<EventExecutor, LoopState> loops = new LinkedHashMap<>();
  private final ScheduledExecutorService addresses;
  private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
  private final List<RelayLoop> relays = new ArrayList<>();
  private final StreamSite streams;
  private final DtlsSite dtls;
  private final ThreadPoolExecutor handshakes;
  private final List<OpenListener> open = new ArrayList<>();
  private final Supervision supervision;
  private volatile Optional<TlsIdentity> identity;

  private StunServer(StunServerConfig config) {
    ServerPlatform platform = ServerPlatform.choose(config.nioOnly());
    binder = new Binder(platform);
    group =
        new MultiThreadIoEventLoopGroup(
            config.threads(),
            new DefaultThreadFactory("culvert-stun", true),
            platform.ioHandlerFactory());
    addresses =
        new ScheduledThreadPoolExecutor(1, new DefaultThreadFactory("culvert-addresses", true));
    ResponseLimiter limiter =
        new ResponseLimiter(config.rateLimit(), new SecureRandom(), System.nanoTime());
    for (EventExecutor loop : group) {
      LoopState state = new LoopState((EventLoop) loop, limiter);
      config.relay().ifPresent(service -> addRelay(state, service));
      loops.put(loop, state);
    }
    config
        .relay()
        .ifPresent(service -> OwnAddresses.watch(addresses, service.resources()::ownAddresses));
    supervision = new Supervision(relays, List.copyOf(loops.values()), () -> open, addresses);
    ConnectionGate gate = new ConnectionGate(config.connectionLimits(), config.rateLimit());
    streams =
        new StreamSite(
            platform,
            group,
            loops,
            config.connectionLimits(),
            gate,
            connections,
            HttpSite.of(config));
    config.tls().map(streams::context).ifPresent(streams::use);
    identity = config.tls();
    handshakes =
        new ThreadPoolExecutor(
            1,
            1,
            1,
            TimeUnit.MINUTES,
            new LinkedBlockingQueue<>(),
            new DefaultThreadFactory("culvert-handshakes", true));
    handshakes.allowCoreThreadTimeOut(true);
    dtls = new DtlsSite(binder, config.tls(), config.connectionLimits(), gate, handshakes);
  }

  private void addRelay(LoopState state, RelayService service) {
    RelayLoop relay = new RelayLoop(state, service, binder.platform, relays);
    state.relay = relay;
    relays.add(relay);
  }

  /**
   * Opens all listeners, or none.
   *
   * @throws ListenException if one of them cannot be opened
   * @throws IllegalArgumentException if the key does not fit the certificate
   */
  public static StunServer start(StunServerConfig config) throws ListenException {
    // Before anything is opened that would have to be closed again.
    config.tls().ifPresent(identity -> TlsContexts.of(identity, false));
    StunServer server = new StunServer(config);
    try {
      List<StunListener> inOrder = new ArrayList<>(config.listeners());
      // Where an IPv6 wildcard takes IPv4 connections too, it has to come before the IPv4 one.
      if (server.binder.platform.isDualStack()) {
        inOrder.sort(Comparator.comparing(each -> each.address().isIpv4()));
      }
      for (StunListener listener : inOrder) {
        server.open.add(server.onAddressThread(() -> server.open(listener)));
      }
      return server;
    } catch (ListenException | RuntimeException e) {
      server.close();
      throw e;
    }
  }

  /**
   * Shows this certificate to whoever connects from now on; connections that are open go on.
   *
   * @throws IllegalArgumentException if the key does not fit the certificate; all stays as it was
   */
  public void useIdentity(TlsIdentity identity) {
    SslContext context = streams.context(identity);
    dtls.use(identity);
    streams.use(context);
    this.identity = Optional.of(identity);
  }

  /** What it shows to those who connect now; empty: it speaks neither TLS nor DTLS. */
  public Optional<TlsIdentity> identity() {
    return identity;
  }

  private OpenListener open(StunListener listener) throws ListenException {
    boolean choose =
        listener.address().port() == 0
            || listener.alternate().filter(other -> other.port() == 0).isPresent();
    for (int attempt = 1; ; attempt++) {
      OpenListener opened = new OpenListener(binder, listener, streams, dtls, this::isCovered);
      try {
        opened.open(udpLoops(), addresses);
        return opened;
      } catch (ListenException e) {
        opened.close();
        boolean taken = e.reason() == ListenException.Reason.IN_USE;
        if (!choose || !taken || attempt == PORT_ATTEMPTS) {
          throw e;
        }
      }
    }
  }

  private boolean isCovered(Transport transport, TransportAddress address) {
    return binder.platform.isDualStack()
        && address.isIpv4()
        && address.ip().isAnyLocalAddress()
        && Stream.of(Transport.TCP, Transport.TLS, Transport.DTLS)
            .filter(each -> each.isStream() == transport.isStream())
            .flatMap(each -> addresses(each).stream())
            .anyMatch(
                other ->
                    other.isIpv6()
                        && other.ip().isAnyLocalAddress()
                        && other.port() == address.port());
  }

  private List<LoopState> udpLoops() {
    List<LoopState> all = List.copyOf(loops.values());
    return binder.platform.sharesPorts() ? all : List.of(all.get(open.size() % all.size()));
  }

  /** The addresses that are listened on, wildcards as such, each with its real port. */
  public List<TransportAddress> addresses(Transport transport) {
    return open.stream().flatMap(each -> each.addresses(transport).stream()).toList();
  }

  /** The same without second addresses and ports, which are there for tests of NATs (RFC 5780). */
  public List<TransportAddress> mainAddresses(Transport transport) {
    return open.stream()
        .flatMap(each -> each.addresses(transport).stream().limit(1))
        .distinct()
        .toList();
  }

  /** What was counted since the start. */
  public Map<ServerCount, Long> counts() {
    return ServerCounts.sum(loops.values().stream().map(loop -> loop.counts).toList());
  }

  /** What was counted of one kind since the start. */
  public long count(ServerCount what) {
    return counts().getOrDefault(what, 0L);
  }

  /** What the relay counted since the start; empty where there is none. */
  public Map<TurnCount, Long> relayCounts() {
    Map<TurnCount, Long> sums = new EnumMap<>(TurnCount.class);
    relays.forEach(relay -> relay.counts().forEach((what, n) -> sums.merge(what, n, Long::sum)));
    return sums;
  }

  /** Allocations that stand now. */
  public long allocations() {
    Map<TurnCount, Long> counts = relayCounts();
    return counts.getOrDefault(TurnCount.ALLOCATIONS, 0L)
        - counts.getOrDefault(TurnCount.ALLOCATIONS_ENDED, 0L);
  }

  /** For whoever runs it. */
  public Supervision supervision() {
    return supervision;
  }

  /** Open TCP and TLS connections. */
  public int connections() {
    return connections.size();
  }

  /**
   * Makes no more allocations, sends clients elsewhere and goes on with those it has until they end
   * or {@code deadline} has passed. Then stops taking requests, lets connections finish the request
   * that they are in the middle of, and closes what is left. WebSockets are for whoever took them
   * to end. Returns when all is closed.
   *
   * @return allocations that did not end by themselves
   */
  public long drain(Duration deadline) {
    long end = System.nanoTime() + deadline.toNanos();
    supervision.draining();
    relays.forEach(relay -> relay.execute(relay::drain));
    awaitAllocations(end);
    long left = allocations();
    closeListeners();
    streams.drain();
    connections
        .newCloseFuture()
        .awaitUninterruptibly(Math.max(1, end - System.nanoTime()), TimeUnit.NANOSECONDS);
    close();
    return left;
  }

  private void awaitAllocations(long end) {
    boolean interrupted = false;
    while (allocations() > 0 && end - System.nanoTime() > 0 && !interrupted) {
      try {
        TimeUnit.MILLISECONDS.sleep(DRAIN_POLL_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        interrupted = true;
      }
    }
  }

  /** Closes everything at once. */
  @Override
  public void close() {
    closeListeners();
    connections.close().awaitUninterruptibly();
    addresses.shutdownNow();
    handshakes.shutdownNow();
    group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
  }

  private void closeListeners() {
    if (addresses.isShutdown()) {
      return;
    }
    try {
      onAddressThread(
          () -> {
            List<Future<?>> closing = new ArrayList<>();
            open.forEach(each -> closing.addAll(each.close()));
            closing.forEach(Future::awaitUninterruptibly);
            return open;
          });
    } catch (ListenException e) {
      throw new IllegalStateException(e);
    }
  }

  private <T> T onAddressThread(Callable<T> work) throws ListenException {
    try {
      return addresses.submit(work).get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof ListenException listen) {
        throw listen;
      }
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while sockets were opened or closed", e);
    }
  }
}
