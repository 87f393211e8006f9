package dev.culvert.natsim;

import java.time.Duration;
import java.util.Set;

/**
 * A firewall that translates nothing (for IPv6, RFC 6092).
 *
 * @param filtering whose packets come in; endpoint-independent means anybody's, once the inside has
 *     sent something
 * @param open whether everything comes in, asked for or not: a plain router
 * @param timeout how long it remembers whom a host sent to
 * @param blocked protocols that get no further than here
 * @param says whether it answers what it blocks with an ICMP error
 */
public record FirewallBehaviour(
    Dependence filtering, boolean open, Duration timeout, Set<Protocol> blocked, boolean says) {

  /** Copies the set. */
  public FirewallBehaviour {
    blocked = Set.copyOf(blocked);
  }

  /** A firewall that remembers for 2 min. */
  public static FirewallBehaviour of(Dependence filtering) {
    return new FirewallBehaviour(filtering, false, Duration.ofMinutes(2), Set.of(), false);
  }

  /** A router that lets everything pass. */
  public static FirewallBehaviour passing() {
    return new FirewallBehaviour(
        Dependence.ENDPOINT_INDEPENDENT, true, Duration.ofMinutes(2), Set.of(), false);
  }

  /** The same, remembering this long. */
  public FirewallBehaviour timeout(Duration life) {
    return new FirewallBehaviour(filtering, open, life, blocked, says);
  }

  /** The same, silently dropping these protocols. */
  public FirewallBehaviour blocking(Protocol... protocols) {
    return new FirewallBehaviour(filtering, open, timeout, Set.of(protocols), false);
  }

  /** The same, answering what it blocks with an ICMP error. */
  public FirewallBehaviour saying() {
    return new FirewallBehaviour(filtering, open, timeout, blocked, true);
  }
}
