package dev.culvert.cli.connect;

import dev.culvert.cli.Console;
import dev.culvert.peer.PeerEvent;
import dev.culvert.peer.PeerPath;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Which way a connection's data goes, and went; tells people of each change. For any thread. */
final class PathWatch implements Consumer<PeerEvent> {
  private final Console console;
  private final String prefix;
  private final long begin = System.nanoTime();
  private final CompletableFuture<Duration> direct = new CompletableFuture<>();
  private String whyRelayed = "";
  private Optional<PeerPath> path = Optional.empty();
  private int changes = -1;

  /**
   * Begins the clock.
   *
   * @param prefix what lines for people begin with
   */
  PathWatch(Console console, String prefix) {
    this.console = console;
    this.prefix = prefix;
  }

  @Override
  public synchronized void accept(PeerEvent event) {
    if (event instanceof PeerEvent.PathChanged changed) {
      boolean same = path.filter(its -> isSameWay(its, changed.now())).isPresent();
      path = Optional.of(changed.now());
      if (!same) {
        changes++;
        console.say(prefix + PathText.words(changed.now()) + ", after " + PathText.millis(since()));
      }
      if (changed.now().isDirect()) {
        direct.complete(since());
      }
    } else if (event instanceof PeerEvent.PathLost) {
      path = Optional.empty();
      console.say(prefix + "no path at present; another one is looked for");
    } else if (event instanceof PeerEvent.StaysRelayed stays) {
      whyRelayed = stays.reason();
      console.say(prefix + "stays relayed: " + stays.reason());
    }
  }

  private static boolean isSameWay(PeerPath one, PeerPath other) {
    return one.local().equals(other.local())
        && one.remote().equals(other.remote())
        && one.relayed() == other.relayed();
  }

  private Duration since() {
    return Duration.ofNanos(System.nanoTime() - begin);
  }

  synchronized Optional<PeerPath> path() {
    return path;
  }

  /** How often the way changed after the first one. */
  synchronized int changes() {
    return Math.max(0, changes);
  }

  /** Why it stays relayed, as was told last; empty text if that was not told. */
  synchronized String whyRelayed() {
    return whyRelayed;
  }

  /** How long the first direct way took; empty if there was none yet. */
  Optional<Duration> directAfter() {
    return direct.isDone() ? Optional.of(direct.join()) : Optional.empty();
  }

  /** Waits for a direct way; false if that takes longer, or {@code over} comes first. */
  boolean awaitDirect(Duration patience, CompletableFuture<?> over) {
    CompletableFuture<Boolean> seen =
        CompletableFuture.anyOf(direct, over)
            .thenApply(any -> direct.isDone())
            .completeOnTimeout(false, patience.toMillis(), TimeUnit.MILLISECONDS);
    return seen.join();
  }
}
