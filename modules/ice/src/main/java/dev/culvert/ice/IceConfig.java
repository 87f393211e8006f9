package dev.culvert.ice;

import java.time.Duration;
import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;

/**
 * What an agent does.
 *
 * @param role at first; a conflict settles it (RFC 8445 §7.3.1.1)
 * @param lite whether it only answers checks; for hosts with public addresses
 * @param components the flows of data, at least one
 * @param policy which pairs it uses
 * @param pacing Ta, the least time between checks, 5 ms or more; the peer's is taken if it is
 *     longer, and 50 ms if it tells none (RFC 8445 §14.2)
 * @param patience how long it waits for a first answer before it fails, because the peer may yet
 *     send (RFC 8863 §4 asks for 39.5 s)
 * @param mostPairs the most pairs, and the most candidates of the peer (RFC 8445 §6.1.2.5)
 */
public record IceConfig(
    IceRole role,
    boolean lite,
    Set<ComponentId> components,
    IcePolicy policy,
    Duration pacing,
    Duration patience,
    int mostPairs) {
  private static final Duration LEAST_PACING = Duration.ofMillis(5);

  /** Refuses what RFC 8445 forbids. */
  public IceConfig {
    components = Collections.unmodifiableSet(new TreeSet<>(components));
    if (components.isEmpty()) {
      throw new IllegalArgumentException("an agent has at least one component");
    }
    if (pacing.compareTo(LEAST_PACING) < 0) {
      throw new IllegalArgumentException("checks are at least 5 ms apart (RFC 8445 §14.2)");
    }
    if (mostPairs < 1) {
      throw new IllegalArgumentException("an agent has room for at least one pair");
    }
  }

  /** A full agent for one flow of data: checks 5 ms apart, if the peer agrees. */
  public static IceConfig standard(IceRole role) {
    return new IceConfig(
        role,
        false,
        Set.of(ComponentId.ONLY),
        IcePolicy.PREFER_DIRECT,
        LEAST_PACING,
        Duration.ofMillis(39_500),
        100);
  }

  /** The same under another policy. */
  public IceConfig withPolicy(IcePolicy other) {
    return new IceConfig(role, lite, components, other, pacing, patience, mostPairs);
  }

  /** The same for other flows of data. */
  public IceConfig withComponents(Set<ComponentId> others) {
    return new IceConfig(role, lite, others, policy, pacing, patience, mostPairs);
  }

  /** The same that only answers checks. */
  public IceConfig withLite() {
    return new IceConfig(role, true, components, policy, pacing, patience, mostPairs);
  }

  /** The same with another patience. */
  public IceConfig withPatience(Duration other) {
    return new IceConfig(role, lite, components, policy, pacing, other, mostPairs);
  }
}
