package dev.culvert.transport.relay;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** The peers that may send, and whoever waits for that. Confined to the allocation's loop. */
final class Permits {
  private final Set<InetAddress> wanted = new HashSet<>();
  private final Set<InetAddress> granted = new HashSet<>();
  private final Map<InetAddress, List<CompletableFuture<Void>>> waiting = new HashMap<>();

  /** Completes {@code result} once the peer may send. */
  void wait(InetAddress ip, CompletableFuture<Void> result) {
    wanted.add(ip);
    if (granted.contains(ip)) {
      result.complete(null);
    } else {
      waiting.computeIfAbsent(ip, fresh -> new ArrayList<>()).add(result);
    }
  }

  /** Whether the application itself asked for it. */
  boolean isWanted(InetAddress ip) {
    return wanted.contains(ip);
  }

  void granted(InetAddress ip) {
    granted.add(ip);
    take(ip).forEach(result -> result.complete(null));
  }

  void refused(InetAddress ip, RelayException why) {
    wanted.remove(ip);
    granted.remove(ip);
    take(ip).forEach(result -> result.completeExceptionally(why));
  }

  /** None is granted any more; those who wait wait for the next allocation. */
  void clear() {
    granted.clear();
  }

  void fail(RelayException why) {
    List.copyOf(waiting.keySet()).forEach(ip -> refused(ip, why));
  }

  private List<CompletableFuture<Void>> take(InetAddress ip) {
    List<CompletableFuture<Void>> taken = waiting.remove(ip);
    return taken == null ? List.of() : taken;
  }
}
