package dev.culvert.stun;

import dev.culvert.stun.attribute.AttributeType;
import java.nio.ByteBuffer;
import java.util.zip.CRC32;

/** What a Binding request asks for, read without allocating anything. */
final class BindingScan {
  static final int ABSENT = -1;
  private static final int BINDING_REQUEST = 0x0001;

  /** Required attributes below 0x40 that the codec knows: expected here or not, they do no harm. */
  private static final long KNOWN =
      bits(
          AttributeType.MAPPED_ADDRESS,
          AttributeType.CHANGE_REQUEST,
          AttributeType.USERNAME,
          AttributeType.MESSAGE_INTEGRITY,
          AttributeType.ERROR_CODE,
          AttributeType.UNKNOWN_ATTRIBUTES,
          AttributeType.REALM,
          AttributeType.NONCE,
          AttributeType.MESSAGE_INTEGRITY_SHA256,
          AttributeType.PASSWORD_ALGORITHM,
          AttributeType.USERHASH,
          AttributeType.XOR_MAPPED_ADDRESS,
          AttributeType.PRIORITY,
          AttributeType.USE_CANDIDATE,
          AttributeType.PADDING,
          AttributeType.RESPONSE_PORT);

  /** Whether the sender is an RFC 3489 client: no magic cookie. */
  boolean classic;

  /** The value of CHANGE-REQUEST, or {@link #ABSENT}. */
  int changeRequest;

  /** The value of RESPONSE-PORT, or {@link #ABSENT}. */
  int responsePort;

  boolean padding;
  boolean fingerprint;
  boolean unknown;

  private static long bits(int... types) {
    long bits = 0;
    for (int type : types) {
      bits |= 1L << type;
    }
    return bits;
  }

  static boolean isUnknown(int type) {
    return AttributeType.isComprehensionRequired(type)
        && (type >= Long.SIZE || (KNOWN & 1L << type) == 0);
  }

  /**
   * Reads the header and the attributes.
   *
   * @return {@link BindingResponder.Outcome#ANSWERED} if there is something to answer, otherwise
   *     why there is not
   */
  BindingResponder.Outcome read(ByteBuffer request, CRC32 crc) {
    int start = request.position();
    int length = request.remaining();
    if (length < StunCodec.HEADER_LENGTH || (request.get(start) & 0xc0) != 0) {
      return BindingResponder.Outcome.NOT_STUN;
    }
    int type = request.getShort(start);
    boolean wellFramed =
        Short.toUnsignedInt(request.getShort(start + 2)) == length - StunCodec.HEADER_LENGTH
            && length % 4 == 0;
    classic = request.getInt(start + 4) != StunCodec.MAGIC_COOKIE;
    if (classic && (type != BINDING_REQUEST || !wellFramed)) {
      return BindingResponder.Outcome.NOT_STUN;
    }
    if (!wellFramed) {
      return BindingResponder.Outcome.MALFORMED;
    }
    return type == BINDING_REQUEST
        ? readAttributes(request, crc)
        : BindingResponder.Outcome.NOT_A_BINDING_REQUEST;
  }

  private BindingResponder.Outcome readAttributes(ByteBuffer request, CRC32 crc) {
    changeRequest = ABSENT;
    responsePort = ABSENT;
    padding = false;
    fingerprint = false;
    unknown = false;
    boolean integrity = false;
    int at = request.position() + StunCodec.HEADER_LENGTH;
    while (at < request.limit()) {
      int type = Short.toUnsignedInt(request.getShort(at));
      int length = Short.toUnsignedInt(request.getShort(at + 2));
      int next = at + 4 + (length + 3 & ~3);
      if (next > request.limit()) {
        return BindingResponder.Outcome.MALFORMED;
      }
      if (type == AttributeType.FINGERPRINT && !classic) {
        fingerprint = true;
        if (length != 4 || next != request.limit() || !isFingerprintRight(request, at, crc)) {
          return BindingResponder.Outcome.MALFORMED;
        }
      } else if (!integrity && !readAttribute(request, type, length, at + 4)) {
        return BindingResponder.Outcome.MALFORMED;
      }
      // What follows them is not protected and does not count (RFC 8489 §9).
      integrity |=
          type == AttributeType.MESSAGE_INTEGRITY || type == AttributeType.MESSAGE_INTEGRITY_SHA256;
      at = next;
    }
    return BindingResponder.Outcome.ANSWERED;
  }

  /** Notes what one attribute asks for, unless one before it did; false if it is malformed. */
  private boolean readAttribute(ByteBuffer request, int type, int length, int value) {
    switch (type) {
      case AttributeType.CHANGE_REQUEST -> {
        if (length != 4) {
          return false;
        }
        changeRequest = changeRequest == ABSENT ? request.getInt(value) & 6 : changeRequest;
      }
      case AttributeType.RESPONSE_PORT -> {
        if (length != 2 && length != 4) {
          return false;
        }
        responsePort =
            responsePort == ABSENT ? Short.toUnsignedInt(request.getShort(value)) : responsePort;
      }
      case AttributeType.PADDING -> padding = true;
      default -> unknown |= isUnknown(type);
    }
    return true;
  }

  private static boolean isFingerprintRight(ByteBuffer request, int at, CRC32 crc) {
    int start = request.position();
    int end = request.limit();
    crc.reset();
    request.limit(at);
    crc.update(request);
    request.limit(end).position(start);
    return request.getInt(at + 4) == ((int) crc.getValue() ^ StunCodec.FINGERPRINT_XOR);
  }
}
