package dev.culvert.transport;

import dev.culvert.sansio.Machine;
import dev.culvert.sansio.MonotonicTime;
import dev.culvert.sansio.ServerIdentity;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.transport.mdns.Counts;
import dev.culvert.transport.mdns.MulticastDns;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;

/**
 * The event loops, and whatever else drivers share: one per process is enough.
 *
 * <p>Safe for any thread. It uses epoll on Linux where the native library loads, and the JDK's NIO
 * elsewhere. Threads start when first needed and do not keep the JVM alive.
 */
public final class NetworkRuntime implements AutoCloseable {
  private static final long SLOW_THREADS_LINGER_SECONDS = 5;

  private final Platform platform;
  private final EventLoopGroup loops;
  private final Tls tls;
  private final Optional<List<InetSocketAddress>> nameServers;
  private final Optional<Path> hostsFile;
  private final ThreadPoolExecutor slowWork;
  private final Set<MachineDriver<?>> drivers = ConcurrentHashMap.newKeySet();
  private final Counts multicastDnsCounts = new Counts();
  private @Nullable Resolver resolver;
  private @Nullable MulticastDns multicastDns;

  private NetworkRuntime(Builder builder) {
    platform = Platform.choose(builder.nioOnly);
    tls = new Tls(builder.trustedAuthorities);
    nameServers = builder.nameServers;
    hostsFile = builder.hostsFile;
    slowWork =
        new ThreadPoolExecutor(
            2,
            2,
            SLOW_THREADS_LINGER_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            new DefaultThreadFactory("culvert-tls", true));
    slowWork.allowCoreThreadTimeOut(true);
    loops =
        new MultiThreadIoEventLoopGroup(
            builder.threads,
            new DefaultThreadFactory("culvert-net", true),
            platform.ioHandlerFactory());
  }

  /** A runtime with one thread and the settings of the system. */
  public static NetworkRuntime create() {
    return builder().build();
  }

  /** Starts from one thread and the settings of the system. */
  public static Builder builder() {
    return new Builder();
  }

  /** The present time on the clock of every driver. */
  public static MonotonicTime now() {
    return new MonotonicTime(System.nanoTime());
  }

  /**
   * Starts to drive {@code machine}; it must not be touched by anybody else from now on.
   *
   * @param listener is called with every event, on the driver's event loop; it must not block
   * @param <E> what the machine tells
   */
  public <E> MachineDriver<E> drive(Machine<E> machine, Consumer<? super E> listener) {
    MachineDriver<E> driver = new MachineDriver<>(this, loops.next(), machine, listener);
    drivers.add(driver);
    driver.execute(machine::advance);
    return driver;
  }

  /** {@code epoll} or {@code nio}. */
  public String transportName() {
    return platform.name();
  }

  /** What multicast DNS dropped so far. */
  public MulticastDnsStatistics multicastDnsStatistics() {
    return new MulticastDnsStatistics(
        multicastDnsCounts.malformed(), multicastDnsCounts.foreign(), multicastDnsCounts.excess());
  }

  /**
   * Closes every driver and stops the threads; returns once that is done, or after three seconds.
   * Not to be called on an event loop.
   */
  @Override
  public void close() {
    for (MachineDriver<?> driver : List.copyOf(drivers)) {
      driver.close();
    }
    synchronized (this) {
      if (resolver != null) {
        resolver.close();
      }
      if (multicastDns != null) {
        multicastDns.close();
      }
    }
    loops.shutdownGracefully(0, 3, TimeUnit.SECONDS).awaitUninterruptibly(3, TimeUnit.SECONDS);
    slowWork.shutdownNow();
  }

  /** Made when the first name is asked for. */
  synchronized Resolver resolver() {
    if (resolver == null) {
      resolver =
          new Resolver(
              loops.next(),
              slowWork,
              platform,
              (name, done) -> multicastDns().ask(name, done),
              nameServers,
              hostsFile);
    }
    return resolver;
  }

  /** Made when the first name in {@code local} is asked for or published. */
  synchronized MulticastDns multicastDns() {
    if (multicastDns == null) {
      multicastDns = new MulticastDns(multicastDnsCounts);
    }
    return multicastDns;
  }

  /** Runs what takes longer than an event loop may be held up, such as handshakes' arithmetic. */
  Executor slowWork() {
    return slowWork;
  }

  /** Makes an engine that demands {@code expected}; the first takes a while. */
  CompletionStage<SSLEngine> clientEngine(ServerIdentity expected, boolean datagrams) {
    CompletableFuture<SSLEngine> made = new CompletableFuture<>();
    slowWork.execute(
        () -> {
          try {
            made.complete(tls.clientEngine(expected, datagrams));
          } catch (GeneralSecurityException | RuntimeException e) {
            made.completeExceptionally(e);
          }
        });
    return made;
  }

  Platform platform() {
    return platform;
  }

  void forget(MachineDriver<?> driver) {
    drivers.remove(driver);
  }

  /** Settings of a {@link NetworkRuntime}; confined to one thread. */
  public static final class Builder {
    private boolean nioOnly;
    private int threads = 1;
    private Optional<List<X509Certificate>> trustedAuthorities = Optional.empty();
    private Optional<List<InetSocketAddress>> nameServers = Optional.empty();
    private Optional<Path> hostsFile = Optional.empty();

    private Builder() {}

    /** Whether the JDK's NIO is used even where something faster is at hand. */
    public Builder nioOnly(boolean nioOnly) {
      this.nioOnly = nioOnly;
      return this;
    }

    /**
     * The number of event loops, each a thread; drivers are spread over them in turn.
     *
     * @throws IllegalArgumentException unless it is positive
     */
    public Builder threads(int threads) {
      if (threads < 1) {
        throw new IllegalArgumentException("a runtime has at least one thread, not " + threads);
      }
      this.threads = threads;
      return this;
    }

    /**
     * Whom TLS and DTLS clients trust to vouch for a {@link ServerIdentity.HostName}, in place of
     * the platform's authorities.
     */
    public Builder trustedAuthorities(Collection<X509Certificate> authorities) {
      trustedAuthorities = Optional.of(List.copyOf(authorities));
      return this;
    }

    /** Whom to ask about names, in this order, in place of those the system is set to. */
    public Builder nameServers(List<TransportAddress> servers) {
      nameServers = Optional.of(servers.stream().map(TransportAddress::toSocketAddress).toList());
      return this;
    }

    /** The file of names that need no server, in place of the system's. */
    public Builder hostsFile(Path file) {
      hostsFile = Optional.of(file);
      return this;
    }

    /** Opens the event loops. */
    public NetworkRuntime build() {
      return new NetworkRuntime(this);
    }
  }
}
