package dev.culvert.stun.attribute;

import dev.culvert.sansio.Bytes;
import dev.culvert.stun.TransactionId;
import java.util.Optional;

/**
 * An HMAC-SHA1 of the message up to here (RFC 8489 §14.5). It proves nothing by being there: {@link
 * dev.culvert.stun.StunPacket} verifies it.
 *
 * @param hmac 20 bytes
 */
public record MessageIntegrity(Bytes hmac) implements Attribute {

  /** Refuses any other length. */
  public MessageIntegrity {
    Values.requireLength("MESSAGE-INTEGRITY", hmac, 20);
  }

  @Override
  public int type() {
    return AttributeType.MESSAGE_INTEGRITY;
  }

  @Override
  public Bytes value(TransactionId transactionId) {
    return hmac;
  }

  static Optional<Attribute> decode(Bytes value) {
    return value.length() == 20 ? Optional.of(new MessageIntegrity(value)) : Optional.empty();
  }
}
