package dev.culvert.natsim;

import java.time.Duration;
import java.util.Set;

/**
 * A NAT in RFC 4787's words.
 *
 * @param mapping what the external address of an internal one depends on (§4.1)
 * @param filtering whose packets come in (§5)
 * @param ports how external ports are chosen (§4.2)
 * @param hairpinning whether internal hosts reach each other by external addresses (§6)
 * @param timeout how long a UDP mapping lives without traffic that refreshes it (§4.3)
 * @param refreshedInbound whether packets from outside refresh it too (§4.3)
 * @param poolsAtRandom whether each mapping gets any of several external addresses, "arbitrary"
 *     pooling, rather than each host always the same (§4.1)
 * @param filtersPerMapping whether the filter remembers remotes for a mapping rather than for an
 *     internal address and port
 * @param rewritesPayload whether it replaces addresses inside packets, as bad gateways do (§7)
 * @param passesFragments whether datagrams that need several packets get through (§11)
 * @param blocked protocols that get no further than here
 */
public record NatBehaviour(
    Dependence mapping,
    Dependence filtering,
    PortRule ports,
    boolean hairpinning,
    Duration timeout,
    boolean refreshedInbound,
    boolean poolsAtRandom,
    boolean filtersPerMapping,
    boolean rewritesPayload,
    boolean passesFragments,
    Set<Protocol> blocked) {

  /** Copies the set. */
  public NatBehaviour {
    blocked = Set.copyOf(blocked);
  }

  /** A NAT with random ports, hairpinning and a timeout of 5 min, as RFC 4787 REQ-5 recommends. */
  public static NatBehaviour of(Dependence mapping, Dependence filtering) {
    return new NatBehaviour(
        mapping,
        filtering,
        PortRule.random(),
        true,
        Duration.ofMinutes(5),
        false,
        false,
        false,
        false,
        true,
        Set.of());
  }

  /** The same with another choice of ports. */
  public NatBehaviour ports(PortRule rule) {
    return new NatBehaviour(
        mapping,
        filtering,
        rule,
        hairpinning,
        timeout,
        refreshedInbound,
        poolsAtRandom,
        filtersPerMapping,
        rewritesPayload,
        passesFragments,
        blocked);
  }

  /** The same with or without hairpinning. */
  public NatBehaviour hairpinning(boolean hairpins) {
    return new NatBehaviour(
        mapping,
        filtering,
        ports,
        hairpins,
        timeout,
        refreshedInbound,
        poolsAtRandom,
        filtersPerMapping,
        rewritesPayload,
        passesFragments,
        blocked);
  }

  /** The same with mappings that live this long, refreshed by packets from outside or not. */
  public NatBehaviour timeout(Duration life, boolean byInbound) {
    return new NatBehaviour(
        mapping,
        filtering,
        ports,
        hairpinning,
        life,
        byInbound,
        poolsAtRandom,
        filtersPerMapping,
        rewritesPayload,
        passesFragments,
        blocked);
  }

  /** The same with arbitrary pooling. */
  public NatBehaviour poolingAtRandom() {
    return new NatBehaviour(
        mapping,
        filtering,
        ports,
        hairpinning,
        timeout,
        refreshedInbound,
        true,
        filtersPerMapping,
        rewritesPayload,
        passesFragments,
        blocked);
  }

  /** The same with a filter for each mapping. */
  public NatBehaviour filteringPerMapping() {
    return new NatBehaviour(
        mapping,
        filtering,
        ports,
        hairpinning,
        timeout,
        refreshedInbound,
        poolsAtRandom,
        true,
        rewritesPayload,
        passesFragments,
        blocked);
  }

  /** The same, replacing addresses inside packets. */
  public NatBehaviour rewritingPayload() {
    return new NatBehaviour(
        mapping,
        filtering,
        ports,
        hairpinning,
        timeout,
        refreshedInbound,
        poolsAtRandom,
        filtersPerMapping,
        true,
        passesFragments,
        blocked);
  }

  /** The same, dropping what comes in fragments. */
  public NatBehaviour droppingFragments() {
    return new NatBehaviour(
        mapping,
        filtering,
        ports,
        hairpinning,
        timeout,
        refreshedInbound,
        poolsAtRandom,
        filtersPerMapping,
        rewritesPayload,
        false,
        blocked);
  }

  /** The same, dropping these protocols. */
  public NatBehaviour blocking(Protocol... protocols) {
    return new NatBehaviour(
        mapping,
        filtering,
        ports,
        hairpinning,
        timeout,
        refreshedInbound,
        poolsAtRandom,
        filtersPerMapping,
        rewritesPayload,
        passesFragments,
        Set.of(protocols));
  }
}
