package dev.culvert.cli.turn;

import dev.culvert.cli.turn.Trouble.Cause;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.stun.attribute.ErrorCode;
import dev.culvert.turn.client.TurnClientEvent;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.Optional;

/** What is said of peers that a relay does not relay to. */
final class PeerWords {
  private static final String ALLOW =
      "if it is meant to reach it, allow it (culvert node --allow-peer, coturn allowed-peer-ip)";

  private PeerWords() {}

  /** Why a peer was refused. */
  static Trouble refused(TurnClientEvent.PeerRefused refused, InetAddress relay) {
    String peer = refused.peer().getHostAddress();
    if (refused.code() == ErrorCode.PEER_ADDRESS_FAMILY_MISMATCH) {
      return new Trouble(
          Cause.PEER_REFUSED,
          "the peer " + peer + " and the relayed address differ in IP version (443)",
          "choose a peer of the same one");
    }
    if (refused.code() != ErrorCode.FORBIDDEN) {
      return new Trouble(
          Cause.PEER_REFUSED,
          "it does not let the peer " + peer + " send: " + Words.printable(refused.reason()),
          "look at the relay's log");
    }
    String forbids = "it does not relay to the peer " + peer + " (403), ";
    if (refused.peer().equals(relay)) {
      return new Trouble(
          Cause.PEER_REFUSED,
          forbids + "which is its own address",
          "that is a sound rule; try --peer own, or " + ALLOW);
    }
    return isPrivate(refused.peer())
        ? new Trouble(
            Cause.PEER_REFUSED,
            forbids + "a private address, and a relay that refuses those is right",
            "try --peer relay, or a public peer; " + ALLOW)
        : new Trouble(
            Cause.PEER_REFUSED,
            forbids + "a public address that its rules deny",
            "look at its rules for peers; " + ALLOW);
  }

  /** The allocation ended under way. */
  static Trouble lost(TurnClientEvent.Lost lost) {
    return new Trouble(
        Cause.LOST,
        "the allocation was lost: " + Words.printable(lost.reason()),
        "see whether the relay was restarted; its log tells");
  }

  /** What is wrong with the relayed address of a public relay that peers outside do not reach. */
  static Optional<String> outOfReach(TransportAddress relayed, InetAddress relay) {
    return isPrivate(relayed.ip()) && !isPrivate(relay)
        ? Optional.of(
            "the relayed address "
                + relayed
                + " is private, so no peer outside reaches it: tell the relay its public one"
                + " (culvert node --external-ip, coturn external-ip)")
        : Optional.empty();
  }

  /** Whether no host of the public Internet has this address. */
  static boolean isPrivate(InetAddress ip) {
    byte[] bytes = ip.getAddress();
    boolean shared =
        ip instanceof Inet4Address && (bytes[0] & 0xff) == 100 && (bytes[1] & 0xc0) == 64;
    boolean uniqueLocal = !(ip instanceof Inet4Address) && (bytes[0] & 0xfe) == 0xfc;
    return shared
        || uniqueLocal
        || ip.isLoopbackAddress()
        || ip.isSiteLocalAddress()
        || ip.isLinkLocalAddress()
        || ip.isMulticastAddress()
        || ip.isAnyLocalAddress();
  }
}
