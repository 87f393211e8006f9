package dev.culvert.stun;

import dev.culvert.sansio.Bytes;
import dev.culvert.stun.attribute.Attribute;
import dev.culvert.stun.attribute.AttributeType;
import dev.culvert.stun.attribute.UnknownAttribute;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads the attributes of one message and sorts out what counts (RFC 8489 §9, §14). */
final class AttributeReader {
  private final Bytes wire;
  private final TransactionId transactionId;
  private final List<Attribute> attributes = new ArrayList<>();
  private boolean sha1Seen;
  private boolean sha256Seen;

  AttributeReader(Bytes wire) {
    this.wire = wire;
    this.transactionId = TransactionId.of(wire.slice(8, StunCodec.HEADER_LENGTH));
  }

  DecodeResult read() {
    int offset = StunCodec.HEADER_LENGTH;
    while (offset < wire.length()) {
      int type = wire.uint16(offset);
      int length = wire.uint16(offset + 2);
      int next = offset + 4 + (length + 3 & ~3);
      if (next > wire.length()) {
        return malformed(type, "reaches past the end of the message");
      }
      if (type == AttributeType.FINGERPRINT) {
        if (next != wire.length()) {
          return malformed(type, "is not the last attribute");
        }
        if (length != 4 || wire.int32(offset + 4) != StunCodec.fingerprint(wire.slice(0, offset))) {
          return malformed(type, "does not match the message");
        }
      }
      if (counts(type)) {
        Bytes value = wire.slice(offset + 4, offset + 4 + length);
        Optional<Attribute> attribute = Attribute.decode(type, value, transactionId);
        if (attribute.isEmpty() && AttributeType.isComprehensionRequired(type)) {
          return malformed(type, "has a value that it cannot have");
        }
        attributes.add(attribute.orElseGet(() -> new UnknownAttribute(type, value)));
      }
      offset = next;
    }
    int type = wire.uint16(0);
    return new DecodeResult.Decoded(
        new StunPacket(
            new StunMessage(
                StunCodec.classOf(type), StunCodec.methodOf(type), transactionId, attributes),
            wire));
  }

  /** Marks the integrity attributes as seen on the way. */
  private boolean counts(int type) {
    if (type == AttributeType.FINGERPRINT) {
      return true;
    }
    if (type == AttributeType.MESSAGE_INTEGRITY_SHA256) {
      boolean first = !sha256Seen;
      sha256Seen = true;
      return first;
    }
    if (sha1Seen || sha256Seen) {
      return false;
    }
    sha1Seen = type == AttributeType.MESSAGE_INTEGRITY;
    return true;
  }

  private static DecodeResult malformed(int type, String fault) {
    return new DecodeResult.Malformed(AttributeType.name(type) + " " + fault);
  }
}
