package dev.culvert.cli.turn;

import dev.culvert.cli.Fault;
import dev.culvert.cli.server.ServerArgument;
import dev.culvert.sansio.TransportAddress;
import java.net.InetAddress;
import java.util.Optional;

/**
 * Who is at the other end of the relay.
 *
 * @param kind what it is
 * @param address where it is, for {@link Kind#ELSEWHERE}
 */
record PeerChoice(Kind kind, Optional<TransportAddress> address) {
  /** A second allocation, and an own socket where the relay does not relay to itself. */
  static final PeerChoice AUTO = new PeerChoice(Kind.AUTO, Optional.empty());

  /** The kinds of peers. */
  enum Kind {
    /** A second allocation if the relay permits, otherwise an own socket. */
    AUTO,
    /** A second allocation on the same relay. */
    RELAY,
    /** A UDP socket of this host. */
    OWN,
    /** A host that sends everything back. */
    ELSEWHERE
  }

  /**
   * Reads {@code auto}, {@code relay}, {@code own} or an address with a port.
   *
   * @throws Fault if it is none of them
   */
  static PeerChoice parse(String text) {
    return switch (text) {
      case "auto" -> AUTO;
      case "relay" -> new PeerChoice(Kind.RELAY, Optional.empty());
      case "own" -> new PeerChoice(Kind.OWN, Optional.empty());
      default -> elsewhere(text);
    };
  }

  private static PeerChoice elsewhere(String text) {
    ServerArgument argument = ServerArgument.parse(text);
    Optional<InetAddress> ip = argument.literal();
    if (ip.isEmpty() || argument.port().isEmpty()) {
      throw Fault.usage(
          "--peer '" + text + "' is no peer", "write auto, relay, own or ADDRESS:PORT");
    }
    return new PeerChoice(
        Kind.ELSEWHERE, Optional.of(new TransportAddress(ip.get(), argument.port().getAsInt())));
  }
}
