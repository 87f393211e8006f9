package dev.culvert.stun.attribute;

import dev.culvert.sansio.Bytes;
import dev.culvert.stun.TransactionId;
import java.util.Optional;

/**
 * The sender believes that it is the controlled agent (RFC 8445 §7.1.3).
 *
 * @param tieBreaker an unsigned 64-bit random number; compare it with {@link Long#compareUnsigned}
 */
public record IceControlled(long tieBreaker) implements Attribute {

  @Override
  public int type() {
    return AttributeType.ICE_CONTROLLED;
  }

  @Override
  public Bytes value(TransactionId transactionId) {
    return Values.int64(tieBreaker);
  }

  static Optional<Attribute> decode(Bytes value) {
    return value.length() == 8 ? Optional.of(new IceControlled(value.int64(0))) : Optional.empty();
  }
}
