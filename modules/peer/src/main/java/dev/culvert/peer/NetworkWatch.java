package dev.culvert.peer;

import dev.culvert.session.LocalAddress;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks every so often whether this host has other addresses than before, on a thread of its own,
 * as that may take a while. Safe for any thread.
 */
final class NetworkWatch implements AutoCloseable {
  /** How often it looks. */
  static final Duration PERIOD = Duration.ofSeconds(2);

  private static final Logger LOG = LoggerFactory.getLogger(NetworkWatch.class);

  private final AddressSource source;
  private final Consumer<? super List<LocalAddress>> listener;
  private final ScheduledExecutorService looking;
  private List<LocalAddress> last;

  /**
   * Begins to look.
   *
   * @param first what is known to be there
   * @param listener gets what is there instead, on the watch's thread
   */
  NetworkWatch(
      AddressSource source,
      List<LocalAddress> first,
      Duration period,
      Consumer<? super List<LocalAddress>> listener) {
    this.source = source;
    this.listener = listener;
    this.last = List.copyOf(first);
    this.looking =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "culvert-network-watch");
              thread.setDaemon(true);
              return thread;
            });
    long nanos = period.toNanos();
    var unused = looking.scheduleWithFixedDelay(this::look, nanos, nanos, TimeUnit.NANOSECONDS);
  }

  private void look() {
    try {
      List<LocalAddress> now = List.copyOf(source.addresses());
      if (!now.equals(last)) {
        last = now;
        listener.accept(now);
      }
    } catch (IOException e) {
      // Not to be told is not to have none.
      LOG.debug("The addresses of this host cannot be told.", e);
    } catch (RuntimeException e) {
      LOG.error("A source of addresses, or who listens to it, threw.", e);
    }
  }

  /** Looks no more. */
  @Override
  public void close() {
    var unused = looking.shutdownNow();
  }
}
