package dev.culvert.stun.attribute;

import dev.culvert.sansio.Bytes;
import dev.culvert.stun.TransactionId;
import java.util.Optional;

/**
 * Makes a message so long that it travels in fragments (RFC 5780 §7.6). What it holds means
 * nothing; zeros are sent.
 *
 * @param length 0 to 65528 bytes
 */
public record Padding(int length) implements Attribute {

  /** Refuses what no message can hold. */
  public Padding {
    if (length < 0 || length > 65528) {
      throw new IllegalArgumentException("PADDING is 0 to 65528 bytes long, not " + length);
    }
  }

  @Override
  public int type() {
    return AttributeType.PADDING;
  }

  @Override
  public Bytes value(TransactionId transactionId) {
    return Bytes.wrap(new byte[length]);
  }

  static Optional<Attribute> decode(Bytes value) {
    return value.length() <= 65528 ? Optional.of(new Padding(value.length())) : Optional.empty();
  }
}
