package dev.culvert.stun.attribute;

import dev.culvert.sansio.Bytes;
import dev.culvert.stun.TransactionId;
import java.util.Optional;

/**
 * An HMAC-SHA256 of the message up to here, possibly truncated (RFC 8489 §14.6). It proves nothing
 * by being there: {@link dev.culvert.stun.StunPacket} verifies it.
 *
 * @param hmac 16 to 32 bytes, a multiple of four
 */
public record MessageIntegritySha256(Bytes hmac) implements Attribute {

  /** Refuses any other length. */
  public MessageIntegritySha256 {
    if (!isLength(hmac.length())) {
      throw new IllegalArgumentException(
          "MESSAGE-INTEGRITY-SHA256 has 16, 20, 24, 28 or 32 bytes, not " + hmac.length());
    }
  }

  private static boolean isLength(int length) {
    return length >= 16 && length <= 32 && length % 4 == 0;
  }

  @Override
  public int type() {
    return AttributeType.MESSAGE_INTEGRITY_SHA256;
  }

  @Override
  public Bytes value(TransactionId transactionId) {
    return hmac;
  }

  static Optional<Attribute> decode(Bytes value) {
    return isLength(value.length())
        ? Optional.of(new MessageIntegritySha256(value))
        : Optional.empty();
  }
}
