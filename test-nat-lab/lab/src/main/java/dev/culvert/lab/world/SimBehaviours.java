package dev.culvert.lab.world;

import dev.culvert.lab.spec.Filtering;
import dev.culvert.lab.spec.LinkSpec;
import dev.culvert.lab.spec.NatBehaviour;
import dev.culvert.lab.spec.NatOptions;
import dev.culvert.lab.spec.Pooling;
import dev.culvert.lab.spec.PortAllocation;
import dev.culvert.lab.spec.TcpBehaviour;
import dev.culvert.natsim.Capacity;
import dev.culvert.natsim.Dependence;
import dev.culvert.natsim.FirewallBehaviour;
import dev.culvert.natsim.GatewayBehaviour;
import dev.culvert.natsim.Link;
import dev.culvert.natsim.NatBehaviour.Trait;
import dev.culvert.natsim.PortRule;
import dev.culvert.natsim.Protocol;
import dev.culvert.natsim.StreamRule;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/** Says in the simulator's words what a specification says. */
final class SimBehaviours {
  /** As many as the kernel's own queues hold. */
  private static final int QUEUE = 1000;

  private SimBehaviours() {}

  static Link link(LinkSpec spec) {
    Duration jitter = spec.jitter();
    int mtu = spec.mtu() == 0 ? Capacity.ETHERNET.mtu() : spec.mtu();
    return new Link(
        spec.delay().minus(jitter),
        jitter.multipliedBy(2),
        spec.loss(),
        spec.duplication(),
        spec.reordering(),
        new Capacity(spec.bitsPerSecond(), QUEUE, mtu));
  }

  /**
   * @param ipv6 whether IPv6 leads out of the router
   */
  static GatewayBehaviour gateway(NatBehaviour spec, boolean ipv6) {
    boolean nat64 = spec.options().nat64();
    Optional<dev.culvert.natsim.NatBehaviour> nat =
        spec.translates() ? Optional.of(nat(spec)) : Optional.empty();
    return new GatewayBehaviour(
        nat64 ? Optional.empty() : nat,
        spec.translates() ? Optional.empty() : Optional.of(wall(spec, spec.filtering())),
        ipv6 ? spec.ipv6().map(filtering -> wall(spec, filtering)) : Optional.empty(),
        nat64 ? nat : Optional.empty(),
        spec.options().packets().blackHole());
  }

  private static dev.culvert.natsim.NatBehaviour nat(NatBehaviour spec) {
    NatOptions options = spec.options();
    return new dev.culvert.natsim.NatBehaviour(
        switch (spec.mapping()) {
          case NONE, ENDPOINT_INDEPENDENT -> Dependence.ENDPOINT_INDEPENDENT;
          case ADDRESS_DEPENDENT -> Dependence.ADDRESS;
          case ADDRESS_AND_PORT_DEPENDENT -> Dependence.ADDRESS_AND_PORT;
        },
        dependence(spec.filtering()),
        ports(spec.ports()),
        spec.timeout(),
        traits(spec),
        streams(options.tcp()),
        options.pool().neighboursPerSecond(),
        blocked(spec));
  }

  private static Set<Trait> traits(NatBehaviour spec) {
    NatOptions options = spec.options();
    // What one mapping has talked to says nothing about another, as in the kernel's rules.
    EnumSet<Trait> traits = EnumSet.of(Trait.FILTERS_PER_MAPPING);
    add(traits, spec.hairpin(), Trait.HAIRPINS);
    add(traits, options.refresh().byInbound(), Trait.REFRESHED_INBOUND);
    add(traits, !options.refresh().byOutbound(), Trait.NOT_REFRESHED_OUTBOUND);
    add(traits, options.pool().pooling() == Pooling.ARBITRARY, Trait.POOLS_AT_RANDOM);
    add(traits, options.packets().rewritesPayload(), Trait.REWRITES_PAYLOAD);
    add(traits, options.packets().dropsFragments(), Trait.DROPS_FRAGMENTS);
    add(traits, !spec.silent(), Trait.ANSWERS);
    return traits;
  }

  private static void add(Set<Trait> traits, boolean has, Trait trait) {
    if (has) {
      traits.add(trait);
    }
  }

  private static PortRule ports(PortAllocation spec) {
    PortRule rule =
        switch (spec.kind()) {
          case PRESERVING -> PortRule.preserving();
          case OVERLOADING -> PortRule.preserving().overloading();
          case SEQUENTIAL -> PortRule.sequential(spec.step());
          case RANDOM -> PortRule.random();
        };
    PortRule ranged = rule.within(spec.first(), spec.last()).inBlocks(spec.block());
    return spec.keepsParity() ? ranged.keepingParity() : ranged;
  }

  private static StreamRule streams(TcpBehaviour spec) {
    StreamRule.Stranger stranger =
        switch (spec.unsolicited()) {
          case DROP -> StreamRule.Stranger.SILENCE;
          case RESET -> StreamRule.Stranger.RESET;
          case ICMP -> StreamRule.Stranger.ICMP;
        };
    return new StreamRule(stranger, spec.established(), spec.transitory());
  }

  private static FirewallBehaviour wall(NatBehaviour spec, Filtering filtering) {
    boolean open = filtering == Filtering.NONE;
    return new FirewallBehaviour(dependence(filtering), open, spec.timeout(), blocked(spec), false);
  }

  private static Dependence dependence(Filtering filtering) {
    return switch (filtering) {
      case NONE, ENDPOINT_INDEPENDENT -> Dependence.ENDPOINT_INDEPENDENT;
      case ADDRESS_DEPENDENT -> Dependence.ADDRESS;
      case ADDRESS_AND_PORT_DEPENDENT -> Dependence.ADDRESS_AND_PORT;
    };
  }

  private static Set<Protocol> blocked(NatBehaviour spec) {
    return switch (spec.traffic()) {
      case ALL -> Set.of();
      case NO_UDP -> Set.of(Protocol.UDP);
      case NOTHING -> Set.of(Protocol.values());
    };
  }
}
