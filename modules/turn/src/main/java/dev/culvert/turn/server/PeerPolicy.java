package dev.culvert.turn.server;

import dev.culvert.sansio.Bytes;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * To whom a relay relays. Of the operator's ranges that hold an address the longest decides, and of
 * two equal ones the denial; where none does, the ranges that lead out of the public Internet are
 * denied. An IPv6 address that carries an IPv4 address within is judged by both; an IPv4-mapped one
 * is never a peer. Immutable.
 */
public final class PeerPolicy {
  /**
   * What is denied unless the operator says otherwise: special-purpose addresses (RFC 6890 and its
   * registries), and those that carry an IPv4 address within.
   */
  private static final List<IpPrefix> NOT_PUBLIC =
      Stream.of(
              "0.0.0.0/8", // this network
              "10.0.0.0/8", // private
              "100.64.0.0/10", // carrier-grade NAT, cloud metadata
              "127.0.0.0/8", // loopback
              "168.63.129.16/32", // cloud platform services
              "169.254.0.0/16", // link-local, cloud metadata
              "172.16.0.0/12", // private
              "192.0.0.0/24", // protocol assignments, cloud metadata
              "192.0.2.0/24", // documentation
              "192.31.196.0/24", // AS112
              "192.52.193.0/24", // AMT
              "192.88.99.0/24", // 6to4 relays
              "192.168.0.0/16", // private
              "192.175.48.0/24", // AS112
              "198.18.0.0/15", // benchmarks
              "198.51.100.0/24", // documentation
              "203.0.113.0/24", // documentation
              "224.0.0.0/4", // multicast
              "240.0.0.0/4", // reserved, broadcast
              "::/8", // unspecified, loopback, IPv4-compatible, -mapped, -translated, NAT64
              "100::/8", // discard, dummy
              "200::/7", // NSAP
              "2001::/23", // protocol assignments, Teredo among them
              "2001:db8::/32", // documentation
              "2002::/16", // 6to4
              "2620:4f:8000::/48", // AS112
              "3ffe::/16", // the former 6bone
              "3fff::/20", // documentation
              "5f00::/16", // segment routing
              "fc00::/7", // private, cloud metadata
              "fe80::/10", // link-local
              "fec0::/10", // site-local
              "ff00::/8") // multicast
          .map(text -> IpPrefix.parse(text).orElseThrow())
          .toList();

  private static final PeerPolicy STANDARD = new PeerPolicy(List.of());

  private final List<Rule> operators;

  /** The operator's and the standard ones, in the order in which the first that matches decides. */
  private final Rule[] ipv4;

  private final Rule[] ipv6;

  private PeerPolicy(List<Rule> operators) {
    this.operators = operators;
    List<Rule> all = new ArrayList<>(operators);
    all.sort(
        Comparator.comparingInt((Rule rule) -> -rule.range().length())
            .thenComparing(Rule::allowed));
    NOT_PUBLIC.forEach(range -> all.add(new Rule(range, false)));
    ipv4 = all.stream().filter(rule -> rule.range().isIpv4()).toArray(Rule[]::new);
    ipv6 = all.stream().filter(rule -> !rule.range().isIpv4()).toArray(Rule[]::new);
  }

  private record Rule(IpPrefix range, boolean allowed) {}

  /** The public Internet and nothing else. */
  public static PeerPolicy standard() {
    return STANDARD;
  }

  /** The same with a range allowed. */
  public PeerPolicy allowing(IpPrefix range) {
    return with(new Rule(range, true));
  }

  /** The same with a range denied. */
  public PeerPolicy denying(IpPrefix range) {
    return with(new Rule(range, false));
  }

  private PeerPolicy with(Rule rule) {
    List<Rule> all = new ArrayList<>(operators);
    all.add(rule);
    return new PeerPolicy(List.copyOf(all));
  }

  /** Whether {@code peer} may be relayed to. */
  public boolean permits(InetAddress peer) {
    Bytes address = Bytes.wrap(peer.getAddress());
    if (EmbeddedIpv4.isMapped(address)) {
      return false;
    }
    Bytes within = EmbeddedIpv4.of(address);
    return permits(address) && (within.isEmpty() || permits(within));
  }

  private boolean permits(Bytes address) {
    Rule rule = decisive(address);
    return rule == null || rule.allowed();
  }

  /**
   * Whether the operator has allowed {@code peer} in so many words; false if it may not be relayed
   * to for another reason.
   */
  public boolean permitsExplicitly(InetAddress peer) {
    Rule rule = decisive(Bytes.wrap(peer.getAddress()));
    return rule != null && rule.allowed() && permits(peer);
  }

  /** Null: no range holds the address. */
  private @Nullable Rule decisive(Bytes address) {
    for (Rule rule : address.length() == 4 ? ipv4 : ipv6) {
      if (rule.range().contains(address)) {
        return rule;
      }
    }
    return null;
  }
}
