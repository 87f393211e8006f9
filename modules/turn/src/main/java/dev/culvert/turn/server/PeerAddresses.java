package dev.culvert.turn.server;

import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.stun.StunCodec;
import dev.culvert.stun.StunPacket;
import dev.culvert.stun.attribute.AttributeType;
import dev.culvert.stun.attribute.XorPeerAddress;
import java.util.List;

/** The peers that a message names. */
final class PeerAddresses {
  private static final int IPV6_VALUE_LENGTH = 20;

  private PeerAddresses() {}

  static List<TransportAddress> of(StunPacket packet) {
    return packet.message().all(XorPeerAddress.class).stream()
        .map(XorPeerAddress::address)
        .toList();
  }

  /**
   * Whether a peer is an IPv4 address in the dress of an IPv6 one (::ffff:0:0/96). The JDK makes
   * IPv4 of it, so only the bytes still show it.
   */
  static boolean hasMapped(StunPacket packet) {
    long dressed = of(packet).stream().filter(TransportAddress::isIpv6).count();
    return countOfIpv6(packet.wire()) != dressed;
  }

  private static long countOfIpv6(Bytes wire) {
    long count = 0;
    int offset = StunCodec.HEADER_LENGTH;
    while (offset + 4 <= wire.length()) {
      int type = wire.uint16(offset);
      int length = wire.uint16(offset + 2);
      if (type == AttributeType.MESSAGE_INTEGRITY
          || type == AttributeType.MESSAGE_INTEGRITY_SHA256) {
        break;
      }
      if (type == AttributeType.XOR_PEER_ADDRESS && length == IPV6_VALUE_LENGTH) {
        count++;
      }
      offset += 4 + (length + 3 & ~3);
    }
    return count;
  }
}
