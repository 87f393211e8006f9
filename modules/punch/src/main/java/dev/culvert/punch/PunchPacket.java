package dev.culvert.punch;

import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.stun.IntegrityAlgorithm;
import dev.culvert.stun.MessageClass;
import dev.culvert.stun.Method;
import dev.culvert.stun.Protection;
import dev.culvert.stun.StunCodec;
import dev.culvert.stun.StunMessage;
import dev.culvert.stun.StunPacket;
import dev.culvert.stun.TransactionId;
import dev.culvert.stun.attribute.Attribute;
import dev.culvert.stun.attribute.UnknownAttribute;
import dev.culvert.stun.attribute.XorMappedAddress;
import dev.culvert.stun.attribute.XorPeerAddress;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * One packet of a punching: a STUN message (RFC 8489 §5) of a method of its own, proven by
 * MESSAGE-INTEGRITY-SHA256 of 16 bytes. Requests and answers have the same length.
 *
 * @param request whether it asks, rather than answers
 * @param id ties answers to requests
 * @param fromLeader which side made it
 * @param use whether the leading side says that this path is the one
 * @param address in a request where it was sent to, in an answer where the request came from
 */
record PunchPacket(
    boolean request, TransactionId id, boolean fromLeader, boolean use, TransportAddress address) {
  /** Its method; unregistered, of those that experts assign (RFC 8489 §18.2, RFC 7983 §4). */
  static final Method METHOD = new Method(0x0c7);

  /** Its first attribute; unregistered, and optional to comprehend. */
  static final int MARK = 0xc0c7;

  private static final int MARK_LENGTH = 12;
  private static final int SHA256_LENGTH = 16;
  private static final int LEADER = 0x80;
  private static final int USE = 0x40;

  /** The bytes, proven by {@code secret}. */
  Bytes encode(PunchSecret secret) {
    Bytes tag = tagBytes(secret.tag());
    Bytes mark = tag.concat(Bytes.of((fromLeader ? LEADER : 0) | (use ? USE : 0), 0, 0, 0));
    Attribute where = request ? new XorPeerAddress(address) : new XorMappedAddress(address);
    StunMessage message =
        new StunMessage(
            request ? MessageClass.REQUEST : MessageClass.SUCCESS_RESPONSE,
            METHOD,
            id,
            List.of(new UnknownAttribute(MARK, mark), where));
    return StunCodec.encode(
        message,
        Protection.sha256(secret.integrity()).truncatedTo(SHA256_LENGTH).withFingerprint());
  }

  /** What {@code secret} proves; empty for anything else, whatever it is. */
  static Optional<PunchPacket> decode(Bytes wire, PunchSecret secret) {
    OptionalLong tag = tagOf(wire);
    if (tag.isEmpty() || tag.getAsLong() != secret.tag()) {
      return Optional.empty();
    }
    return StunCodec.decode(wire)
        .packet()
        .filter(packet -> packet.hasFingerprint())
        .filter(packet -> packet.integrity().filter(IntegrityAlgorithm.SHA256::equals).isPresent())
        .filter(packet -> packet.isProvenBy(secret.integrity(), SHA256_LENGTH))
        .flatMap(PunchPacket::read);
  }

  private static Optional<PunchPacket> read(StunPacket packet) {
    StunMessage message = packet.message();
    boolean request = message.messageClass() == MessageClass.REQUEST;
    if (!request && message.messageClass() != MessageClass.SUCCESS_RESPONSE) {
      return Optional.empty();
    }
    int flags = packet.wire().at(StunCodec.HEADER_LENGTH + 4 + 8);
    Optional<TransportAddress> address =
        request
            ? message.first(XorPeerAddress.class).map(XorPeerAddress::address)
            : message.first(XorMappedAddress.class).map(XorMappedAddress::address);
    return address.map(
        where ->
            new PunchPacket(
                request,
                message.transactionId(),
                (flags & LEADER) != 0,
                (flags & USE) != 0,
                where));
  }

  /** The tag that a packet has in the clear; empty if it is none of these packets. */
  static OptionalLong tagOf(Bytes wire) {
    int mark = StunCodec.HEADER_LENGTH;
    boolean ours =
        StunCodec.looksLikeStun(wire)
            && wire.length() >= mark + 4 + MARK_LENGTH
            && isOurs(wire.uint16(0))
            && wire.uint16(mark) == MARK
            && wire.uint16(mark + 2) == MARK_LENGTH;
    return ours ? OptionalLong.of(wire.int64(mark + 4)) : OptionalLong.empty();
  }

  /** Method and class are interleaved (RFC 8489 §5, figure 3); the class bits are masked out. */
  private static boolean isOurs(int type) {
    int method = ((type >> 2) & 0xf80) | ((type >> 1) & 0x070) | (type & 0x00f);
    return method == METHOD.value();
  }

  private static Bytes tagBytes(long tag) {
    return Bytes.of(
        (int) (tag >>> 56),
        (int) (tag >>> 48),
        (int) (tag >>> 40),
        (int) (tag >>> 32),
        (int) (tag >>> 24),
        (int) (tag >>> 16),
        (int) (tag >>> 8),
        (int) tag);
  }
}
