package dev.culvert.cli.node;

import dev.culvert.cli.Console;
import dev.culvert.cli.Fault;
import dev.culvert.transport.server.StunServer;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Reads a node's files again when they have changed, and when somebody asks for it. It looks at
 * them every second, which sees every way to exchange a file on every system; what changes is left
 * alone until it has stayed the same from one look to the next, since whoever writes may be at it
 * still. Safe for every thread.
 */
final class RenewalWatch implements AutoCloseable {
  private static final long PERIOD_MILLIS = 1000;

  private final List<Watched> all;
  private final StunServer server;
  private final Console console;
  private final InstantSource clock;
  private final ScheduledExecutorService executor =
      new ScheduledThreadPoolExecutor(
          1,
          task -> {
            Thread thread = new Thread(task, "culvert-renewal");
            thread.setDaemon(true);
            return thread;
          });

  private static final class Watched {
    private final Renewal renewal;
    private FileState read;
    private FileState seen;
    private Optional<String> told = Optional.empty();

    Watched(Renewal renewal) {
      this.renewal = renewal;
      read = FileState.of(renewal.files());
      seen = read;
    }
  }

  /**
   * A watch that does not look yet.
   *
   * @param console is told what was read and what is wrong
   * @param clock the wall clock, in which certificates end
   */
  RenewalWatch(List<Renewal> renewals, StunServer server, Console console, InstantSource clock) {
    all = renewals.stream().map(Watched::new).toList();
    this.server = server;
    this.console = console;
    this.clock = clock;
  }

  /** Looks from now on. */
  @SuppressWarnings("FutureReturnValueIgnored") // What fails is told.
  void start() {
    executor.scheduleWithFixedDelay(this::look, 0, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
  }

  /** Reads everything again, changed or not. */
  @SuppressWarnings("FutureReturnValueIgnored") // What fails is told.
  void renewAll() {
    executor.execute(
        () -> {
          synchronized (this) {
            if (all.isEmpty()) {
              console.say("there is nothing to read again: no option names a file");
            }
            all.forEach(this::renew);
          }
        });
  }

  synchronized void look() {
    Instant now = clock.instant();
    for (Watched watched : all) {
      FileState state = FileState.of(watched.renewal.files());
      if (!state.equals(watched.read) && state.equals(watched.seen)) {
        renew(watched);
      }
      watched.seen = state;
      Optional<String> concern = watched.renewal.concern(now);
      if (!concern.equals(watched.told)) {
        concern.ifPresent(text -> console.tell("warning: " + text));
        watched.told = concern;
      }
    }
  }

  private void renew(Watched watched) {
    // Before they are read: what changes meanwhile is seen next time.
    watched.read = FileState.of(watched.renewal.files());
    try {
      console.say("read again: " + watched.renewal.renew(server));
    } catch (Fault e) {
      console.tell("warning: " + e.line() + " (what was read before stays in force)");
    } catch (RuntimeException e) {
      console.tell("warning: " + e.getMessage() + " (what was read before stays in force)");
    }
  }

  @Override
  public void close() {
    executor.shutdownNow();
  }
}
