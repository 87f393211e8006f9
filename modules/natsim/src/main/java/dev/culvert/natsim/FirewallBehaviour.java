package dev.culvert.natsim;

import java.time.Duration;
import java.util.Set;

/**
 * A firewall that translates nothing.
 *
 * @param filtering whose packets come in
 * @param timeout how long it remembers whom a host sent to
 * @param blocked protocols that get no further than here
 * @param says whether it answers what it blocks with an ICMP error
 */
public record FirewallBehaviour(
    Dependence filtering, Duration timeout, Set<Protocol> blocked, boolean says) {

  /** Copies the set. */
  public FirewallBehaviour {
    blocked = Set.copyOf(blocked);
  }

  /** A firewall that remembers for 2 min. */
  public static FirewallBehaviour of(Dependence filtering) {
    return new FirewallBehaviour(filtering, Duration.ofMinutes(2), Set.of(), false);
  }

  /** The same, silently dropping these protocols. */
  public FirewallBehaviour blocking(Protocol... protocols) {
    return new FirewallBehaviour(filtering, timeout, Set.of(protocols), false);
  }

  /** The same, answering what it blocks with an ICMP error. */
  public FirewallBehaviour saying() {
    return new FirewallBehaviour(filtering, timeout, blocked, true);
  }
}
