package dev.culvert.stun;

import dev.culvert.sansio.Transport;
import dev.culvert.sansio.TransportAddress;
import java.util.Optional;

/**
 * What a {@link BindingResponder} answers for: one address that clients ask, and what stands beside
 * it.
 *
 * @param asked the address that requests arrive at, as clients see it: never a wildcard
 * @param other the server's other IP address with its other port, if it listens on all four
 *     combinations (RFC 5780 §6); same family, both IP and port different
 * @param transport how requests arrive; only over UDP can answers leave from elsewhere
 * @param software what to say of oneself where there is room; empty says nothing (RFC 8489 §16.1.2)
 * @param paddingLength the PADDING of an answer, where its limit allows: the MTU of the outgoing
 *     interface, a multiple of four, 0 to 65000 (RFC 5780 §6.1)
 */
public record BindingService(
    TransportAddress asked,
    Optional<TransportAddress> other,
    Transport transport,
    Optional<String> software,
    int paddingLength) {
  /** The PADDING for an Ethernet's MTU. */
  public static final int ETHERNET_MTU = 1500;

  /** Refuses what cannot be. */
  public BindingService {
    if (asked.ip().isAnyLocalAddress() || asked.port() == 0) {
      throw new IllegalArgumentException(asked + " is no address that a client can ask");
    }
    if (other.isPresent() && !isAlternate(asked, other.get())) {
      throw new IllegalArgumentException(
          other.get() + " must differ from " + asked + " in IP address and port, not in family");
    }
    if (paddingLength < 0 || paddingLength > 65_000 || paddingLength % 4 != 0) {
      throw new IllegalArgumentException(
          "PADDING is a multiple of four up to 65000 bytes, not " + paddingLength);
    }
  }

  private static boolean isAlternate(TransportAddress asked, TransportAddress other) {
    return !other.ip().equals(asked.ip())
        && !other.ip().isAnyLocalAddress()
        && other.port() != asked.port()
        && other.port() != 0
        && other.isIpv4() == asked.isIpv4();
  }

  /** A UDP server with one address: CHANGE-REQUEST gets 420. */
  public static BindingService single(TransportAddress asked) {
    return new BindingService(
        asked, Optional.empty(), Transport.UDP, Optional.empty(), ETHERNET_MTU);
  }

  /** A UDP server with four sockets, seen from the one at {@code asked}. */
  public static BindingService alternating(TransportAddress asked, TransportAddress other) {
    return new BindingService(
        asked, Optional.of(other), Transport.UDP, Optional.empty(), ETHERNET_MTU);
  }

  /** The same over another transport. */
  public BindingService over(Transport newTransport) {
    return new BindingService(asked, other, newTransport, software, paddingLength);
  }

  /** The same, saying what software it is; fewer than 128 characters. */
  public BindingService withSoftware(String description) {
    return new BindingService(asked, other, transport, Optional.of(description), paddingLength);
  }

  /** Whether answers can leave from elsewhere. */
  public boolean canChange() {
    return other.isPresent() && transport == Transport.UDP;
  }

  /** The socket that an answer leaves from. */
  public TransportAddress addressOf(BindingReply.Source source) {
    TransportAddress elsewhere = other.orElse(asked);
    return new TransportAddress(
        source.isOtherIp() ? elsewhere.ip() : asked.ip(),
        source.isOtherPort() ? elsewhere.port() : asked.port());
  }
}
