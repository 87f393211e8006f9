package dev.culvert.transport;

import dev.culvert.sansio.Machine;
import dev.culvert.sansio.MonotonicTime;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The event loops, and whatever else drivers share: one per process is enough.
 *
 * <p>Safe for any thread. It uses epoll on Linux where the native library loads, and the JDK's NIO
 * elsewhere. Threads start when first needed and do not keep the JVM alive.
 */
public final class NetworkRuntime implements AutoCloseable {
  private final Platform platform;
  private final EventLoopGroup loops;
  private final Set<MachineDriver<?>> drivers = ConcurrentHashMap.newKeySet();

  private NetworkRuntime(Builder builder) {
    platform = Platform.choose(builder.nioOnly);
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

  /**
   * Closes every driver and stops the threads; returns once that is done, or after three seconds.
   * Not to be called on an event loop.
   */
  @Override
  public void close() {
    for (MachineDriver<?> driver : List.copyOf(drivers)) {
      driver.close();
    }
    loops.shutdownGracefully(0, 3, TimeUnit.SECONDS).awaitUninterruptibly(3, TimeUnit.SECONDS);
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

    /** Opens the event loops. */
    public NetworkRuntime build() {
      return new NetworkRuntime(this);
    }
  }
}
