package dev.culvert.stun;

import dev.culvert.sansio.Bytes;
import dev.culvert.stun.attribute.Attribute;
import dev.culvert.stun.attribute.AttributeType;
import java.util.zip.CRC32;

/** Turns messages into bytes and back (RFC 8489 §5, §14). */
public final class StunCodec {
  /** The bytes of a header. */
  public static final int HEADER_LENGTH = 20;

  /** What stands in every header (RFC 8489 §5). */
  public static final int MAGIC_COOKIE = 0x2112a442;

  /** What a CRC-32 is XORed with to make a FINGERPRINT (RFC 8489 §14.7). */
  public static final int FINGERPRINT_XOR = 0x5354554e;

  private static final int MAX_LENGTH = 0xfffc;

  private StunCodec() {}

  /**
   * Reads one message; never throws.
   *
   * @param wire one datagram, or one message that {@link StreamFraming} cut out of a stream
   */
  public static DecodeResult decode(Bytes wire) {
    if (!looksLikeStun(wire)) {
      return new DecodeResult.NotStun();
    }
    if (wire.uint16(2) != wire.length() - HEADER_LENGTH) {
      return new DecodeResult.Malformed(
          "the header says "
              + wire.uint16(2)
              + " bytes of attributes where "
              + (wire.length() - HEADER_LENGTH)
              + " follow");
    }
    if (wire.length() % 4 != 0) {
      return new DecodeResult.Malformed("the length is no multiple of four");
    }
    return new AttributeReader(wire).read();
  }

  /** Whether the first bytes are those of STUN: two zero bits and the magic cookie. */
  public static boolean looksLikeStun(Bytes wire) {
    return wire.length() >= HEADER_LENGTH
        && (wire.at(0) & 0xc0) == 0
        && wire.int32(4) == MAGIC_COOKIE;
  }

  /**
   * Writes a message with its attributes as they are, integrity attributes and fingerprint too.
   *
   * @throws IllegalArgumentException if it is longer than a length field can say, or holds a user
   *     name too long to be sent
   */
  public static Bytes encode(StunMessage message) {
    return write(message).toBytes();
  }

  /**
   * Writes a message and protects it.
   *
   * @throws IllegalArgumentException if it is longer than a length field can say, holds a user name
   *     too long to be sent, or holds integrity attributes or a fingerprint already
   */
  public static Bytes encode(StunMessage message, Protection protection) {
    if (message.withoutProtection().attributes().size() != message.attributes().size()) {
      throw new IllegalArgumentException(
          "the message is protected already; take withoutProtection()");
    }
    Wire out = write(message);
    if (protection.sha1()) {
      Covered text = Covered.before(out.written(), 20);
      Bytes hmac = protection.key().orElseThrow().hmacSha1(text.header(), text.attributes());
      put(out, AttributeType.MESSAGE_INTEGRITY, hmac);
    }
    int sha256Length = protection.sha256Length();
    if (sha256Length > 0) {
      Covered text = Covered.before(out.written(), sha256Length);
      Bytes hmac = protection.key().orElseThrow().hmacSha256(text.header(), text.attributes());
      put(out, AttributeType.MESSAGE_INTEGRITY_SHA256, hmac.slice(0, sha256Length));
    }
    if (protection.fingerprint()) {
      requireRoom(out.length() + 8);
      out.setShort(2, out.length() + 8 - HEADER_LENGTH);
      int fingerprint = fingerprint(out.written());
      out.putShort(AttributeType.FINGERPRINT).putShort(4).putInt(fingerprint);
    }
    return out.toBytes();
  }

  private static Wire write(StunMessage message) {
    Wire out = Wire.buffer(128);
    out.putShort(typeOf(message.messageClass(), message.method()));
    out.putShort(0).put(message.transactionId().cookieAndId());
    for (Attribute attribute : message.attributes()) {
      put(out, attribute.type(), attribute.value(message.transactionId()));
    }
    return out;
  }

  private static void put(Wire out, int type, Bytes value) {
    requireRoom(out.length() + 4 + value.length() + (-value.length() & 3));
    out.putShort(type).putShort(value.length()).put(value).putZeros(-value.length() & 3);
    out.setShort(2, out.length() - HEADER_LENGTH);
  }

  private static void requireRoom(int length) {
    if (length - HEADER_LENGTH > MAX_LENGTH) {
      throw new IllegalArgumentException("a message has at most 65532 bytes of attributes");
    }
  }

  /** The CRC-32 of all of {@code before}, XORed: what a FINGERPRINT after it must say. */
  static int fingerprint(Bytes before) {
    CRC32 crc = new CRC32();
    crc.update(before.asByteBuffer());
    return (int) crc.getValue() ^ FINGERPRINT_XOR;
  }

  /** The first 16 bits of a header: method and class, interleaved (RFC 8489 §5, figure 3). */
  static int typeOf(MessageClass messageClass, Method method) {
    int m = method.value();
    int c = messageClass.bits();
    return (m & 0xf80) << 2 | (m & 0x070) << 1 | (m & 0x00f) | (c & 2) << 7 | (c & 1) << 4;
  }

  static MessageClass classOf(int type) {
    return MessageClass.of(((type >> 7) & 2) | ((type >> 4) & 1));
  }

  static Method methodOf(int type) {
    return new Method(((type >> 2) & 0xf80) | ((type >> 1) & 0x070) | (type & 0x00f));
  }

  /** Where the first attribute of {@code type} begins; -1 if there is none. */
  static int offsetOf(Bytes wire, int type) {
    int offset = HEADER_LENGTH;
    while (offset + 4 <= wire.length()) {
      if (wire.uint16(offset) == type) {
        return offset;
      }
      offset += 4 + (wire.uint16(offset + 2) + 3 & ~3);
    }
    return -1;
  }
}
