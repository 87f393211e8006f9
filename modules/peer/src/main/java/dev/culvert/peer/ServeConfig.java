package dev.culvert.peer;

import dev.culvert.rendezvous.node.NodeLimits;
import dev.culvert.sansio.TransportAddress;
import java.util.List;
import java.util.Optional;

/**
 * How a peer serves others as a node. It has to be reachable from where they are, which its owner
 * says by asking for it: nothing here finds that out.
 *
 * @param listen where it takes WebSockets over TLS, no wildcard
 * @param stun where it answers STUN over UDP and TCP, and relays if it does, no wildcard
 * @param relay whether it relays
 * @param urls where others reach it, {@code wss://host[:port]/…}; empty: at {@code listen}
 * @param outside where others reach {@code stun}, over UDP and TCP, if that is elsewhere; the
 *     relay's own ports are announced at that address, too, and have to be led here unchanged
 * @param limits how much for whom
 */
public record ServeConfig(
    TransportAddress listen,
    TransportAddress stun,
    boolean relay,
    List<String> urls,
    Optional<TransportAddress> outside,
    NodeLimits limits) {

  /** Copies the list; refuses wildcards, which are nowhere to be told. */
  public ServeConfig {
    urls = List.copyOf(urls);
    if (listen.ip().isAnyLocalAddress() || stun.ip().isAnyLocalAddress()) {
      throw new IllegalArgumentException("a wildcard is no address to be reached at");
    }
    outside.ifPresent(
        its -> {
          if (its.ip().isAnyLocalAddress() || its.port() == 0 || its.isIpv4() != stun.isIpv4()) {
            throw new IllegalArgumentException(
                its + " is no address and port where others could reach " + stun);
          }
        });
  }

  /** Without a relay, reached where it listens. */
  public static ServeConfig at(TransportAddress listen, TransportAddress stun) {
    return new ServeConfig(listen, stun, false, List.of(), Optional.empty(), NodeLimits.STANDARD);
  }

  /** The same as a relay, too. */
  public ServeConfig relaying() {
    return new ServeConfig(listen, stun, true, urls, outside, limits);
  }

  /** The same, reached elsewhere, such as at a port that the NAT leads here. */
  public ServeConfig reachedAt(List<String> others) {
    return new ServeConfig(listen, stun, relay, others, outside, limits);
  }

  /**
   * The same, whose STUN and relay are reached elsewhere, such as at the public side of a NAT that
   * leads the port here.
   *
   * @throws IllegalArgumentException if that is a wildcard, has no port, or is of the other IP
   *     version
   */
  public ServeConfig stunReachedAt(TransportAddress other) {
    return new ServeConfig(listen, stun, relay, urls, Optional.of(other), limits);
  }
}
