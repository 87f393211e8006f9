package dev.culvert.natsim;

import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;

/**
 * A NAT in RFC 4787's and RFC 5382's words.
 *
 * @param mapping what the external address of an internal one depends on (RFC 4787 §4.1)
 * @param filtering whose packets come in (§5)
 * @param ports how external ports are chosen (§4.2)
 * @param timeout how long a UDP mapping lives without traffic that refreshes it (§4.3)
 * @param traits what else it does, good or bad
 * @param streams what it does to TCP
 * @param neighboursPerSecond how many mappings a second other hosts behind it take, each for {@code
 *     timeout}
 * @param blocked protocols that get no further than here
 */
public record NatBehaviour(
    Dependence mapping,
    Dependence filtering,
    PortRule ports,
    Duration timeout,
    Set<Trait> traits,
    StreamRule streams,
    int neighboursPerSecond,
    Set<Protocol> blocked) {

  /** Something that a NAT does or does not. */
  public enum Trait {
    /** Internal hosts reach each other by external addresses (RFC 4787 §6). */
    HAIRPINS,
    /** Packets from outside refresh a mapping (§4.3). */
    REFRESHED_INBOUND,
    /** Packets from inside do not refresh it, against REQ-6 (§4.3). */
    NOT_REFRESHED_OUTBOUND,
    /**
     * Each mapping gets any of several external addresses, "arbitrary" pooling, rather than each
     * host always the same (§4.1).
     */
    POOLS_AT_RANDOM,
    /** The filter remembers remotes for a mapping rather than for an internal address and port. */
    FILTERS_PER_MAPPING,
    /** It replaces addresses inside packets, as bad gateways do (§7). */
    REWRITES_PAYLOAD,
    /** Datagrams that need several packets do not get through (§11). */
    DROPS_FRAGMENTS,
    /** It tells strangers that its ports are closed. */
    ANSWERS
  }

  /** Copies the sets. */
  public NatBehaviour {
    traits = Set.copyOf(traits);
    blocked = Set.copyOf(blocked);
  }

  /** A NAT with random ports, hairpinning and a timeout of 5 min, as RFC 4787 REQ-5 recommends. */
  public static NatBehaviour of(Dependence mapping, Dependence filtering) {
    return new NatBehaviour(
        mapping,
        filtering,
        PortRule.random(),
        Duration.ofMinutes(5),
        Set.of(Trait.HAIRPINS),
        StreamRule.USUAL,
        0,
        Set.of());
  }

  /** Whether it has that trait. */
  public boolean is(Trait trait) {
    return traits.contains(trait);
  }

  /** The same with another choice of ports. */
  public NatBehaviour ports(PortRule rule) {
    return new NatBehaviour(
        mapping, filtering, rule, timeout, traits, streams, neighboursPerSecond, blocked);
  }

  /** The same with mappings that live this long. */
  public NatBehaviour timeout(Duration life) {
    return new NatBehaviour(
        mapping, filtering, ports, life, traits, streams, neighboursPerSecond, blocked);
  }

  /** The same with mappings that live this long, refreshed by packets from outside or not. */
  public NatBehaviour timeout(Duration life, boolean byInbound) {
    return timeout(life).with(Trait.REFRESHED_INBOUND, byInbound);
  }

  /** The same with or without a trait. */
  public NatBehaviour with(Trait trait, boolean has) {
    EnumSet<Trait> changed = EnumSet.noneOf(Trait.class);
    changed.addAll(traits);
    if (has) {
      changed.add(trait);
    } else {
      changed.remove(trait);
    }
    return new NatBehaviour(
        mapping, filtering, ports, timeout, changed, streams, neighboursPerSecond, blocked);
  }

  /** The same with or without hairpinning. */
  public NatBehaviour hairpinning(boolean hairpins) {
    return with(Trait.HAIRPINS, hairpins);
  }

  /** The same with arbitrary pooling. */
  public NatBehaviour poolingAtRandom() {
    return with(Trait.POOLS_AT_RANDOM, true);
  }

  /** The same with a filter for each mapping. */
  public NatBehaviour filteringPerMapping() {
    return with(Trait.FILTERS_PER_MAPPING, true);
  }

  /** The same, replacing addresses inside packets. */
  public NatBehaviour rewritingPayload() {
    return with(Trait.REWRITES_PAYLOAD, true);
  }

  /** The same, dropping what comes in fragments. */
  public NatBehaviour droppingFragments() {
    return with(Trait.DROPS_FRAGMENTS, true);
  }

  /** The same with another rule for TCP. */
  public NatBehaviour streams(StreamRule rule) {
    return new NatBehaviour(
        mapping, filtering, ports, timeout, traits, rule, neighboursPerSecond, blocked);
  }

  /** The same with other hosts that take so many mappings a second. */
  public NatBehaviour neighbours(int perSecond) {
    return new NatBehaviour(
        mapping, filtering, ports, timeout, traits, streams, perSecond, blocked);
  }

  /** The same, dropping these protocols. */
  public NatBehaviour blocking(Protocol... protocols) {
    return new NatBehaviour(
        mapping,
        filtering,
        ports,
        timeout,
        traits,
        streams,
        neighboursPerSecond,
        Set.of(protocols));
  }
}
