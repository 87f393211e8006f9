package dev.culvert.ice4j;

import dev.culvert.ice.IcePolicy;
import dev.culvert.sansio.TransportAddress;
import java.net.InetSocketAddress;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Whom this host's sockets may talk to: what a policy says holds on the wire, whatever ice4j does.
 *
 * <p>Safe for any thread.
 */
final class WireRule {
  private final boolean relaysAlone;
  private final Set<InetSocketAddress> relays = ConcurrentHashMap.newKeySet();
  private final Set<InetSocketAddress> refused = ConcurrentHashMap.newKeySet();

  WireRule(IcePolicy policy, Ice4jConfig config) {
    relaysAlone = policy == IcePolicy.RELAY_ONLY;
    config.relays().forEach(relay -> relays.add(relay.server().toSocketAddress()));
  }

  /** Nothing goes there, and nothing is taken from there. */
  void refuse(TransportAddress address) {
    refused.add(address.toSocketAddress());
  }

  /** Whether anything of the peer was refused. */
  boolean hasRefused() {
    return !refused.isEmpty();
  }

  /** Whether the sockets are for relays alone. */
  boolean isForRelaysAlone() {
    return relaysAlone;
  }

  boolean isRelay(InetSocketAddress address) {
    return relays.contains(address);
  }

  boolean allows(InetSocketAddress address) {
    return relaysAlone ? relays.contains(address) : !refused.contains(address);
  }
}
