package dev.culvert.stun.attribute;

import dev.culvert.sansio.Bytes;
import dev.culvert.stun.TransactionId;
import java.util.Optional;

/**
 * The sender believes that it is the controlling agent (RFC 8445 §7.1.3).
 *
 * @param tieBreaker an unsigned 64-bit random number; compare it with {@link Long#compareUnsigned}
 */
public record IceControlling(long tieBreaker) implements Attribute {

  @Override
  public int type() {
    return AttributeType.ICE_CONTROLLING;
  }

  @Override
  public Bytes value(TransactionId transactionId) {
    return Values.int64(tieBreaker);
  }

  static Optional<Attribute> decode(Bytes value) {
    return value.length() == 8 ? Optional.of(new IceControlling(value.int64(0))) : Optional.empty();
  }
}
