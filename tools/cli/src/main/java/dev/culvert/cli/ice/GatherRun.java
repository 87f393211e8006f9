package dev.culvert.cli.ice;

import dev.culvert.cli.Console;
import dev.culvert.sansio.MonotonicTime;
import dev.culvert.session.Gathered;
import dev.culvert.session.PeerSession;
import dev.culvert.session.SessionEvent;
import dev.culvert.transport.MachineDriver;
import dev.culvert.transport.NetworkRuntime;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * What a peer found.
 *
 * @param rows in the order of finding
 * @param seen answers of servers and relays
 * @param silent servers and relays that were of no use
 * @param unbound sockets that could not be opened
 * @param took all of it
 */
record GatherRun(
    List<Row> rows,
    List<SessionEvent.Seen> seen,
    List<SessionEvent.NotFound> silent,
    List<SessionEvent.NotBound> unbound,
    Duration took) {
  /** Enough to give allocations back over most lines. */
  private static final long GOODBYE_MILLIS = 700;

  /**
   * A candidate.
   *
   * @param at when it was there, from the beginning
   */
  record Row(Duration at, Gathered gathered) {}

  GatherRun {
    rows = List.copyOf(rows);
    seen = List.copyOf(seen);
    silent = List.copyOf(silent);
    unbound = List.copyOf(unbound);
  }

  /** Finds the candidates; what was allocated is given back. */
  static GatherRun run(NetworkRuntime runtime, PeerPlan plan, Console console) {
    PeerSession session = new PeerSession(plan.config(), new SecureRandom());
    CompletableFuture<GatherRun> done = new CompletableFuture<>();
    CompletableFuture<Void> closed = new CompletableFuture<>();
    List<Row> rows = new ArrayList<>();
    List<SessionEvent.Seen> seen = new ArrayList<>();
    List<SessionEvent.NotFound> silent = new ArrayList<>();
    List<SessionEvent.NotBound> unbound = new ArrayList<>();
    MonotonicTime[] began = {NetworkRuntime.now()};
    try (MachineDriver<SessionEvent> driver =
        runtime.drive(
            session,
            event -> {
              if (event instanceof SessionEvent.Found found) {
                rows.add(new Row(NetworkRuntime.now().since(began[0]), found.gathered()));
                console.progress(rows.size() + " candidates");
              } else if (event instanceof SessionEvent.Seen answer) {
                seen.add(answer);
              } else if (event instanceof SessionEvent.NotFound nothing) {
                silent.add(nothing);
              } else if (event instanceof SessionEvent.NotBound nothing) {
                unbound.add(nothing);
              } else if (event instanceof SessionEvent.GatheringDone end) {
                done.complete(new GatherRun(rows, seen, silent, unbound, end.took()));
              } else if (event instanceof SessionEvent.Closed) {
                closed.complete(null);
              }
            })) {
      driver.execute(
          now -> {
            began[0] = now;
            session.gather(now);
          });
      GatherRun run = done.join();
      driver.execute(session::close);
      closed.completeOnTimeout(null, GOODBYE_MILLIS, TimeUnit.MILLISECONDS).join();
      return run;
    }
  }
}
