package dev.culvert.transport.server;

import dev.culvert.sansio.Transport;
import dev.culvert.sansio.TransportAddress;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * A running STUN server. It holds nothing about a client beyond its open connections.
 *
 * <p>Safe for every thread but its own event loops, on which nothing may wait for it.
 */
@SuppressWarnings("FutureReturnValueIgnored") // What fails closes the channel, or is counted there.
public final class StunServer implements AutoCloseable {
  /** How often another port is tried where the system was to choose one for several sockets. */
  private static final int PORT_ATTEMPTS = 16;

  private final Binder binder;
  private final MultiThreadIoEventLoopGroup group;
  private final Map<EventExecutor, LoopState> loops = new LinkedHashMap<>();
  private final ScheduledExecutorService addresses;
  private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
  private final StreamSite streams;
  private final List<OpenListener> open = new ArrayList<>();

  private StunServer(StunServerConfig config, @Nullable SslContext tls) {
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
      loops.put(loop, new LoopState((EventLoop) loop, limiter));
    }
    ConnectionGate gate = new ConnectionGate(config.connectionLimits(), config.rateLimit());
    streams =
        new StreamSite(platform, group, loops, config.connectionLimits(), gate, connections, tls);
  }

  /**
   * Opens all listeners, or none.
   *
   * @throws ListenException if one of them cannot be opened
   * @throws IllegalArgumentException if the key does not fit the certificate
   */
  public static StunServer start(StunServerConfig config) throws ListenException {
    StunServer server = new StunServer(config, tlsContext(config.tls()));
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

  private static @Nullable SslContext tlsContext(Optional<TlsIdentity> identity) {
    if (identity.isEmpty()) {
      return null;
    }
    TlsIdentity tls = identity.get();
    try {
      return SslContextBuilder.forServer(tls.key(), tls.chain())
          .sslProvider(SslProvider.JDK)
          .protocols("TLSv1.3", "TLSv1.2")
          .build();
    } catch (SSLException e) {
      throw new IllegalArgumentException("the certificate and its key cannot be used", e);
    }
  }

  private OpenListener open(StunListener listener) throws ListenException {
    boolean choose =
        listener.address().port() == 0
            || listener.alternate().filter(other -> other.port() == 0).isPresent();
    for (int attempt = 1; ; attempt++) {
      OpenListener opened = new OpenListener(binder, listener, streams, this::isCovered);
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

  private boolean isCovered(TransportAddress address) {
    return binder.platform.isDualStack()
        && address.isIpv4()
        && address.ip().isAnyLocalAddress()
        && Stream.concat(addresses(Transport.TCP).stream(), addresses(Transport.TLS).stream())
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

  /** What was counted since the start. */
  public Map<ServerCount, Long> counts() {
    return ServerCounts.sum(loops.values().stream().map(loop -> loop.counts).toList());
  }

  /** What was counted of one kind since the start. */
  public long count(ServerCount what) {
    return counts().getOrDefault(what, 0L);
  }

  /** Open TCP and TLS connections. */
  public int connections() {
    return connections.size();
  }

  /**
   * Stops taking requests, lets connections finish the request that they are in the middle of, and
   * closes what is left when {@code deadline} has passed. Returns when all is closed.
   */
  public void drain(Duration deadline) {
    long end = System.nanoTime() + deadline.toNanos();
    closeListeners();
    for (Channel connection : connections) {
      StreamHandler handler = connection.pipeline().get(StreamHandler.class);
      if (handler != null) {
        connection.eventLoop().execute(() -> handler.drain(connection.pipeline().context(handler)));
      }
    }
    connections
        .newCloseFuture()
        .awaitUninterruptibly(Math.max(1, end - System.nanoTime()), TimeUnit.NANOSECONDS);
    close();
  }

  /** Closes everything at once. */
  @Override
  public void close() {
    closeListeners();
    connections.close().awaitUninterruptibly();
    addresses.shutdownNow();
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
