package dev.culvert.transport.server;

import dev.culvert.sansio.Transport;
import dev.culvert.sansio.TransportAddress;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * One address that a server answers on.
 *
 * @param address where; a wildcard address stands for every local address of its family, also for
 *     those that appear later, and each is answered from itself; port 0: the system chooses one
 * @param alternate the second address and second port of RFC 5780: then the server listens on all
 *     four combinations and honours CHANGE-REQUEST on UDP
 * @param transports any combination, but not TCP and TLS on one port, nor UDP and DTLS; over DTLS
 *     CHANGE-REQUEST is not honoured, and a wildcard address answers from the address that the
 *     system's routes choose
 */
public record StunListener(
    TransportAddress address, Optional<TransportAddress> alternate, Set<Transport> transports) {

  /** Refuses combinations that make no sense, in words fit for whoever wrote them. */
  public StunListener {
    transports = Set.copyOf(transports);
    if (transports.isEmpty()) {
      throw new IllegalArgumentException("a listener needs a transport");
    }
    if (transports.contains(Transport.UDP) && transports.contains(Transport.DTLS)) {
      throw new IllegalArgumentException("UDP and DTLS need different ports");
    }
    if (transports.contains(Transport.TCP) && transports.contains(Transport.TLS)) {
      throw new IllegalArgumentException("TCP and TLS need different ports (RFC 5780 §6)");
    }
    if (address.ip().isMulticastAddress()) {
      throw new IllegalArgumentException(address + " is a multicast address");
    }
    alternate.ifPresent(other -> requirePair(address, other));
  }

  /** UDP and TCP on one address. */
  public static StunListener plain(TransportAddress address) {
    return new StunListener(address, Optional.empty(), EnumSet.of(Transport.UDP, Transport.TCP));
  }

  /** UDP and TCP on the four addresses of RFC 5780 §6. */
  public static StunListener withAlternate(TransportAddress address, TransportAddress alternate) {
    return new StunListener(
        address, Optional.of(alternate), EnumSet.of(Transport.UDP, Transport.TCP));
  }

  /** TLS on one address. */
  public static StunListener tls(TransportAddress address) {
    return new StunListener(address, Optional.empty(), EnumSet.of(Transport.TLS));
  }

  /** DTLS on one address (RFC 7350). */
  public static StunListener dtls(TransportAddress address) {
    return new StunListener(address, Optional.empty(), EnumSet.of(Transport.DTLS));
  }

  private static void requirePair(TransportAddress address, TransportAddress other) {
    if (address.ip().isAnyLocalAddress() || other.ip().isAnyLocalAddress()) {
      throw new IllegalArgumentException(
          "RFC 5780 needs two addresses by name, not a wildcard: " + address + " and " + other);
    }
    if (address.isIpv4() != other.isIpv4()) {
      throw new IllegalArgumentException(
          "an alternate is of the same IP version: " + address + " and " + other);
    }
    if (address.ip().equals(other.ip())) {
      throw new IllegalArgumentException(
          "an alternate is a second IP address (RFC 5780 §6), not " + address + " again");
    }
    if (address.port() == other.port() && address.port() != 0) {
      throw new IllegalArgumentException(
          "an alternate needs a second port beside " + address.port() + " (RFC 5780 §6)");
    }
  }
}
