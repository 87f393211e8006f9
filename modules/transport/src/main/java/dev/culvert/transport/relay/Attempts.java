package dev.culvert.transport.relay;

import dev.culvert.stun.LongTermCredential;
import dev.culvert.stun.ServerLookup.Server;
import dev.culvert.transport.NetworkRuntime;
import dev.culvert.turn.client.TurnClientConfig;
import dev.culvert.turn.client.TurnClientEvent;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** Servers tried one after the other, until one of them grants an allocation. */
record Attempts(
    NetworkRuntime runtime,
    LongTermCredential credential,
    UnaryOperator<TurnClientConfig> settings,
    Consumer<? super TurnClientEvent> listener) {

  /** Completes with the first allocation, or exceptionally as the last server's attempt did. */
  CompletableFuture<RelayAllocation> any(List<Server> servers) {
    CompletableFuture<RelayAllocation> first = one(servers.get(0));
    List<Server> others = servers.subList(1, servers.size());
    return others.isEmpty() ? first : first.exceptionallyCompose(failure -> any(others));
  }

  private CompletableFuture<RelayAllocation> one(Server server) {
    TurnClientConfig config =
        server
            .identity()
            .map(
                identity ->
                    TurnClientConfig.secure(
                        server.address(), server.transport(), identity, credential))
            .orElseGet(() -> TurnClientConfig.of(server.address(), server.transport(), credential));
    return RelayAllocation.open(runtime, settings.apply(config), listener);
  }
}
