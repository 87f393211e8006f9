package dev.culvert.stun.attribute;

import dev.culvert.sansio.Bytes;
import dev.culvert.stun.TransactionId;
import java.util.Optional;

/**
 * A checksum that tells STUN from other protocols (RFC 8489 §14.7). The codec adds and checks it.
 *
 * @param value the CRC-32 of the message up to here, XORed with 0x5354554e
 */
public record Fingerprint(int value) implements Attribute {

  @Override
  public int type() {
    return AttributeType.FINGERPRINT;
  }

  @Override
  public Bytes value(TransactionId transactionId) {
    return Values.uint32(value);
  }

  static Optional<Attribute> decode(Bytes value) {
    return value.length() == 4 ? Optional.of(new Fingerprint(value.int32(0))) : Optional.empty();
  }
}
