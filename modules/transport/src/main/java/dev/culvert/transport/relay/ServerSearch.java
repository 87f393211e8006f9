package dev.culvert.transport.relay;

import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.Flow;
import dev.culvert.sansio.Input;
import dev.culvert.sansio.Machine;
import dev.culvert.sansio.MonotonicTime;
import dev.culvert.sansio.Output;
import dev.culvert.stun.ServerLookup;
import dev.culvert.stun.StunUri;
import dev.culvert.transport.MachineDriver;
import dev.culvert.transport.NetworkRuntime;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Looks up the servers behind a URI. */
final class ServerSearch implements Machine<ServerLookup.Result> {
  private final ServerLookup lookup;
  private long nextId;
  private boolean told;

  private ServerSearch(StunUri uri) {
    lookup = new ServerLookup(uri, new SecureRandom(), () -> nextId++);
  }

  /** Completes with at least one server, or exceptionally with a {@link RelayException}. */
  static CompletableFuture<List<ServerLookup.Server>> of(NetworkRuntime runtime, StunUri uri) {
    CompletableFuture<List<ServerLookup.Server>> found = new CompletableFuture<>();
    MachineDriver<ServerLookup.Result> driver =
        runtime.drive(new ServerSearch(uri), result -> settle(found, result));
    return found.whenComplete((servers, failure) -> driver.close());
  }

  private static void settle(
      CompletableFuture<List<ServerLookup.Server>> found, ServerLookup.Result result) {
    if (result instanceof ServerLookup.Found some) {
      found.complete(some.servers());
    } else if (result instanceof ServerLookup.Failed failed) {
      found.completeExceptionally(new RelayException(0, failed.reason()));
    }
  }

  @Override
  public void receive(Flow from, Bytes payload, MonotonicTime now) {}

  @Override
  public void accept(Input input, MonotonicTime now) {
    if (input instanceof Input.Answered answered) {
      lookup.accept(answered);
    }
  }

  @Override
  public void advance(MonotonicTime now) {}

  @Override
  public Optional<MonotonicTime> nextDeadline() {
    return Optional.empty();
  }

  @Override
  public Optional<Output> pollOutput() {
    return lookup.pollOutput();
  }

  @Override
  public Optional<ServerLookup.Result> pollEvent() {
    if (told || lookup.result().isEmpty()) {
      return Optional.empty();
    }
    told = true;
    return lookup.result();
  }
}
