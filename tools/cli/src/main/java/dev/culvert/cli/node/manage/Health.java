package dev.culvert.cli.node.manage;

import dev.culvert.transport.server.StunListener;
import dev.culvert.transport.server.Supervision;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** Finds out whether a node does its work. Safe for every thread. */
final class Health {
  /** So long may an event loop take to get to a question; by then clients have asked it again. */
  static final Duration PATIENCE = Duration.ofSeconds(5);

  private final NodeFacts facts;
  private final Duration patience;

  /**
   * Of a node.
   *
   * @param patience how long an event loop may take to answer
   */
  Health(NodeFacts facts, Duration patience) {
    this.facts = facts;
    this.patience = patience;
  }

  /**
   * What was found.
   *
   * @param faults why the node is not well; empty: it is
   * @param busy why it takes no new clients although it is well; empty: it does
   */
  record Report(List<String> faults, List<String> busy) {
    Report {
      faults = List.copyOf(faults);
      busy = List.copyOf(busy);
    }

    boolean isWell() {
      return faults.isEmpty();
    }

    boolean isReady() {
      return faults.isEmpty() && busy.isEmpty();
    }

    /** All that is not as it should be. */
    List<String> reasons() {
      List<String> all = new ArrayList<>(faults);
      all.addAll(busy);
      return all;
    }
  }

  /** Asks every event loop and every listener; never fails. */
  CompletableFuture<Report> check() {
    Supervision supervision = facts.server().supervision();
    List<CompletableFuture<List<String>>> parts = new ArrayList<>();
    int number = 0;
    for (CompletableFuture<Void> probe : supervision.probeLoops()) {
      String fault = "event loop " + number++ + " does not answer";
      parts.add(
          probe
              .thenApply(answered -> List.<String>of())
              .orTimeout(patience.toMillis(), TimeUnit.MILLISECONDS)
              .exceptionally(late -> List.of(fault)));
    }
    facts
        .rendezvous()
        .ifPresent(
            its ->
                parts.add(
                    its.counts()
                        .get()
                        .thenApply(answered -> List.<String>of())
                        .orTimeout(patience.toMillis(), TimeUnit.MILLISECONDS)
                        .exceptionally(late -> List.of("the rendezvous does not answer"))));
    parts.add(
        supervision
            .closedListeners()
            .thenApply(closed -> closed.stream().map(Health::fault).toList())
            .orTimeout(patience.toMillis(), TimeUnit.MILLISECONDS)
            .exceptionally(late -> List.of("the listeners are closed or do not answer")));
    return CompletableFuture.allOf(parts.toArray(CompletableFuture[]::new))
        .thenApply(
            all -> {
              List<String> faults = new ArrayList<>();
              if (supervision.isDraining()) {
                faults.add("draining");
              }
              parts.forEach(part -> faults.addAll(part.join()));
              return new Report(faults, busy());
            });
  }

  private static String fault(StunListener closed) {
    return "the listener on "
        + closed.address()
        + " ("
        + closed.transports().stream().map(Enum::name).sorted().collect(Collectors.joining(", "))
        + ") is closed";
  }

  private List<String> busy() {
    List<String> busy = new ArrayList<>();
    facts
        .relay()
        .ifPresent(
            relay -> {
              if (relay.resources().isFull()) {
                busy.add("the relay has all the allocations that it may have");
              }
              if (relay.resources().ports().stream().allMatch(use -> use.taken() >= use.all())) {
                busy.add("the relay has no port left");
              }
            });
    return busy;
  }
}
