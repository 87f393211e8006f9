package dev.culvert.lab.spec;

import java.time.Duration;
import java.util.Optional;

/**
 * What one router does to the packets that pass it, in the words of RFC 4787.
 *
 * <p>Mapping, ports, hairpinning and the timeout concern UDP over IPv4. TCP and ICMP are translated
 * by the kernel connection by connection. IPv6 is translated by NAT64 alone.
 *
 * @param mapping §4.1; {@link Mapping#NONE} makes a plain router or firewall
 * @param filtering §5
 * @param ports §4.2; has no meaning where nothing is translated
 * @param hairpin §6: whether two inside hosts reach each other by their outside endpoints
 * @param timeout §4.3: life of a mapping that nobody inside refreshes; whole seconds, 1 s to 1 h
 * @param traffic what is forwarded at all
 * @param silent whether packets to the router's own outside address that belong to no mapping
 *     vanish, as at nearly every home; otherwise the router's kernel answers them
 * @param ipv6 how IPv6 is filtered; empty if there is none behind this router
 * @param options what most NATs have in common
 */
public record NatBehaviour(
    Mapping mapping,
    Filtering filtering,
    PortAllocation ports,
    boolean hairpin,
    Duration timeout,
    Traffic traffic,
    boolean silent,
    Optional<Filtering> ipv6,
    NatOptions options) {

  /** How long a mapping lives unless told otherwise: the least that RFC 4787 REQ-5 allows. */
  public static final Duration USUAL_TIMEOUT = Duration.ofMinutes(2);

  /** Refuses combinations that no NAT could have. */
  public NatBehaviour {
    if (timeout.compareTo(Duration.ofSeconds(1)) < 0
        || timeout.compareTo(Duration.ofHours(1)) > 0
        || timeout.toNanosPart() != 0) {
      throw new IllegalArgumentException("a timeout has whole seconds from 1s to 3600s");
    }
    boolean translates = mapping != Mapping.NONE;
    if (translates && filtering == Filtering.NONE) {
      throw new IllegalArgumentException("a NAT cannot let in what belongs to no mapping");
    }
    if (hairpin && !translates) {
      throw new IllegalArgumentException("only a NAT can hairpin");
    }
    if (!translates
        && !options
            .withPackets(PacketHandling.CLEAN)
            .withTcp(TcpBehaviour.USUAL)
            .equals(NatOptions.USUAL)) {
      throw new IllegalArgumentException(
          "only a NAT has nat64, a refresh direction, a pool and neighbours");
    }
    if (!translates && (ports.keepsParity() || ports.block() > 0)) {
      throw new IllegalArgumentException("only a NAT has parity and port blocks");
    }
    boolean perConnection = ports.kind() == PortAllocation.Kind.OVERLOADING;
    if (translates
        && perConnection
        && (hairpin
            || mapping != Mapping.ADDRESS_AND_PORT_DEPENDENT
            || filtering != Filtering.ADDRESS_AND_PORT_DEPENDENT)) {
      throw new IllegalArgumentException(
          "overloaded ports go with apdm/apdf without hairpinning only: one outside port belongs to"
              + " several inside hosts");
    }
  }

  /** A translating router with a stateful IPv6 firewall, no hairpinning and the usual timeout. */
  public static NatBehaviour nat(Mapping mapping, Filtering filtering, PortAllocation ports) {
    return new NatBehaviour(
        mapping,
        filtering,
        ports,
        false,
        USUAL_TIMEOUT,
        Traffic.ALL,
        true,
        Optional.of(Filtering.ADDRESS_AND_PORT_DEPENDENT),
        NatOptions.USUAL);
  }

  /** A router that translates nothing and filters both families alike. */
  public static NatBehaviour firewall(Filtering filtering) {
    return nat(Mapping.NONE, Filtering.ADDRESS_AND_PORT_DEPENDENT, PortAllocation.preserving())
        .withFiltering(filtering)
        .withIpv6(Optional.of(filtering));
  }

  /** Whether IPv4 addresses are translated. */
  public boolean translates() {
    return mapping != Mapping.NONE;
  }

  /** The same with another mapping. */
  public NatBehaviour withMapping(Mapping value) {
    return new NatBehaviour(
        value, filtering, ports, hairpin, timeout, traffic, silent, ipv6, options);
  }

  /** The same with another filtering of IPv4. */
  public NatBehaviour withFiltering(Filtering value) {
    return new NatBehaviour(
        mapping, value, ports, hairpin, timeout, traffic, silent, ipv6, options);
  }

  /** The same with other ports. */
  public NatBehaviour withPorts(PortAllocation value) {
    return new NatBehaviour(
        mapping, filtering, value, hairpin, timeout, traffic, silent, ipv6, options);
  }

  /** The same with or without hairpinning. */
  public NatBehaviour withHairpin(boolean value) {
    return new NatBehaviour(
        mapping, filtering, ports, value, timeout, traffic, silent, ipv6, options);
  }

  /** The same with another timeout. */
  public NatBehaviour withTimeout(Duration value) {
    return new NatBehaviour(
        mapping, filtering, ports, hairpin, value, traffic, silent, ipv6, options);
  }

  /** The same for other traffic. */
  public NatBehaviour withTraffic(Traffic value) {
    return new NatBehaviour(
        mapping, filtering, ports, hairpin, timeout, value, silent, ipv6, options);
  }

  /** The same, silent or answering. */
  public NatBehaviour withSilent(boolean value) {
    return new NatBehaviour(
        mapping, filtering, ports, hairpin, timeout, traffic, value, ipv6, options);
  }

  /** The same with another filtering of IPv6, or without IPv6. */
  public NatBehaviour withIpv6(Optional<Filtering> value) {
    return new NatBehaviour(
        mapping, filtering, ports, hairpin, timeout, traffic, silent, value, options);
  }

  /** The same with other options. */
  public NatBehaviour withOptions(NatOptions value) {
    return new NatBehaviour(
        mapping, filtering, ports, hairpin, timeout, traffic, silent, ipv6, value);
  }

  /** One line for people, in the words of RFC 4787. */
  public String words() {
    StringBuilder words = new StringBuilder();
    if (traffic == Traffic.NOTHING) {
      return "nothing passes";
    }
    if (translates()) {
      words.append("mapping ").append(mapping.words());
      words.append(", filtering ").append(filtering.words());
      words.append(", ports ").append(ports.words());
      words.append(hairpin ? ", hairpinning" : "");
      words.append(timeout.equals(USUAL_TIMEOUT) ? "" : ", timeout " + timeout.toSeconds() + " s");
      words.append(silent ? "" : ", answers strangers");
      words.append(options.words());
    } else {
      words.append("no NAT, filtering ").append(filtering.words());
      words.append(options.packets().words());
    }
    words.append(traffic == Traffic.NO_UDP ? ", UDP blocked" : "");
    words.append(
        ipv6.map(
                filter ->
                    filter == Filtering.NONE ? "; IPv6 open" : "; IPv6 filtering " + filter.words())
            .orElse("; no IPv6"));
    return words.toString();
  }
}
