package dev.culvert.session;

import java.time.Duration;
import java.util.List;

/**
 * What a peer has to connect with.
 *
 * @param addresses of this host, the one that the system would choose first; a socket is opened on
 *     each
 * @param servers STUN servers, each asked from every address of its IP version
 * @param relays whom an allocation is asked of, in the order of preference
 * @param tcp whether to listen and to connect over TCP, too (RFC 6544)
 * @param hidesAddresses whether peers are told names of multicast DNS in place of this host's own
 *     addresses (draft-ietf-mmusic-mdns-ice-candidates)
 * @param patience how long servers and relays may take before gathering ends without them
 */
public record SessionConfig(
    List<LocalAddress> addresses,
    List<NamedServer> servers,
    List<Relay> relays,
    boolean tcp,
    boolean hidesAddresses,
    Duration patience) {
  /** Long enough for a request to be sent again twice, and for a relay behind TLS. */
  public static final Duration STANDARD_PATIENCE = Duration.ofSeconds(5);

  /** Copies the lists. */
  public SessionConfig {
    addresses = List.copyOf(addresses);
    servers = List.copyOf(servers);
    relays = List.copyOf(relays);
    if (patience.isNegative() || patience.isZero()) {
      throw new IllegalArgumentException("patience is a positive time, not " + patience);
    }
  }

  /** UDP from these addresses, without any server. */
  public static SessionConfig of(List<LocalAddress> addresses) {
    return new SessionConfig(addresses, List.of(), List.of(), false, false, STANDARD_PATIENCE);
  }

  /** The same with these STUN servers. */
  public SessionConfig asking(List<NamedServer> others) {
    return new SessionConfig(addresses, others, relays, tcp, hidesAddresses, patience);
  }

  /** The same with these relays. */
  public SessionConfig relaying(List<Relay> others) {
    return new SessionConfig(addresses, servers, others, tcp, hidesAddresses, patience);
  }

  /** The same over TCP, too. */
  public SessionConfig withTcp() {
    return new SessionConfig(addresses, servers, relays, true, hidesAddresses, patience);
  }

  /** The same, with names told in place of addresses. */
  public SessionConfig hidingAddresses() {
    return new SessionConfig(addresses, servers, relays, tcp, true, patience);
  }

  /** The same with another patience. */
  public SessionConfig withPatience(Duration other) {
    return new SessionConfig(addresses, servers, relays, tcp, hidesAddresses, other);
  }
}
