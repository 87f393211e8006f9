package dev.culvert.transport.server;

import dev.culvert.turn.server.AllocationInfo;
import dev.culvert.turn.server.AllocationKind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;

/**
 * What whoever runs a {@link StunServer} asks of it and does to it. Safe for every thread. What
 * comes of a question to an event loop comes on that loop, and not at all while the loop hangs:
 * wait for it with a time limit.
 */
public final class Supervision {
  /** So many allocations are looked at at once; a loop has data to relay in between. */
  private static final int SCAN = 500;

  private final List<RelayLoop> relays;
  private final List<LoopProbe> probes;
  private final Supplier<List<OpenListener>> listeners;
  private final Executor addressThread;
  private volatile boolean draining;

  Supervision(
      List<RelayLoop> relays,
      List<LoopState> loops,
      Supplier<List<OpenListener>> listeners,
      Executor addressThread) {
    this.relays = relays;
    this.listeners = listeners;
    this.addressThread = addressThread;
    probes = loops.stream().map(LoopProbe::new).toList();
  }

  void draining() {
    draining = true;
  }

  /** Whether the server takes leave. */
  public boolean isDraining() {
    return draining;
  }

  /**
   * Has every event loop do something.
   *
   * @return one for each, completed when that loop got to it; a loop that has not answered the last
   *     question yet is not asked again
   */
  public List<CompletableFuture<Void>> probeLoops() {
    return probes.stream().map(LoopProbe::ask).toList();
  }

  /** The listeners of which a socket is closed. */
  public CompletableFuture<List<StunListener>> closedListeners() {
    return ask(
        addressThread,
        () ->
            listeners.get().stream()
                .filter(each -> !each.isOpen())
                .map(OpenListener::listener)
                .toList());
  }

  /** Requests to the relay that were refused, by the codes that they were told. */
  public Map<Integer, Long> refusals() {
    Map<Integer, Long> sums = new TreeMap<>();
    relays.forEach(relay -> relay.refusals().forEach((code, n) -> sums.merge(code, n, Long::sum)));
    return sums;
  }

  /** Allocations that stand now, by kind; all kinds that there are, if there is a relay. */
  public Map<AllocationKind, Long> allocationKinds() {
    Map<AllocationKind, Long> sums = new LinkedHashMap<>();
    relays.forEach(relay -> relay.kinds().forEach((kind, n) -> sums.merge(kind, n, Long::sum)));
    return sums;
  }

  /**
   * Allocations that stand, by their ids.
   *
   * @param after only greater ids than this; 0: from the first one on
   * @param limit so many at most, at least 1
   */
  public CompletableFuture<List<AllocationInfo>> allocations(long after, int limit) {
    CompletableFuture<List<AllocationInfo>> all = CompletableFuture.completedFuture(List.of());
    for (RelayLoop relay : relays) {
      all =
          all.thenCombine(
              ask(relay::execute, () -> relay.allocations(after, limit)),
              (before, more) -> {
                List<AllocationInfo> both = new ArrayList<>(before);
                both.addAll(more);
                return both;
              });
    }
    return all.thenApply(
        list ->
            list.stream()
                .sorted(Comparator.comparingLong(AllocationInfo::id))
                .limit(limit)
                .toList());
  }

  /**
   * Ends an allocation: its client is told 437 when it asks for anything about it.
   *
   * @param id as {@link AllocationInfo} gives it
   * @return what it was; empty: there is none
   */
  public CompletableFuture<Optional<AllocationInfo>> drop(long id) {
    return relays.stream()
        .filter(relay -> relay.has(id))
        .findFirst()
        .map(relay -> ask(relay::execute, () -> relay.drop(id)))
        .orElseGet(() -> CompletableFuture.completedFuture(Optional.empty()));
  }

  /**
   * Ends all allocations of a user that stand now.
   *
   * @param username as the client wrote it
   * @return how many those were
   */
  public CompletableFuture<Integer> dropUser(String username) {
    return dropUser(username, 0, 0);
  }

  private CompletableFuture<Integer> dropUser(String username, long after, int dropped) {
    return allocations(after, SCAN)
        .thenCompose(
            page -> {
              if (page.isEmpty()) {
                return CompletableFuture.completedFuture(dropped);
              }
              CompletableFuture<Integer> sum = CompletableFuture.completedFuture(dropped);
              for (AllocationInfo each : page) {
                if (each.username().equals(username)) {
                  sum = sum.thenCombine(drop(each.id()), (n, was) -> was.isPresent() ? n + 1 : n);
                }
              }
              return sum.thenCompose(n -> dropUser(username, page.get(page.size() - 1).id(), n));
            });
  }

  private static <T> CompletableFuture<T> ask(Executor where, Supplier<T> question) {
    try {
      return CompletableFuture.supplyAsync(question, where);
    } catch (RejectedExecutionException closed) {
      return CompletableFuture.failedFuture(closed);
    }
  }
}
