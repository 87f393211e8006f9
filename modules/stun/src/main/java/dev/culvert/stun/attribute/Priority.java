package dev.culvert.stun.attribute;

import dev.culvert.sansio.Bytes;
import dev.culvert.stun.TransactionId;
import java.util.Optional;

/**
 * The priority that a peer-reflexive candidate learned by this check gets (RFC 8445 §7.1.1).
 *
 * @param priority 1 to 2³¹-1 by RFC 8445 §5.1.2; any unsigned 32-bit value is carried
 */
public record Priority(long priority) implements Attribute {

  /** Refuses what 32 bits cannot carry. */
  public Priority {
    Values.requireUint32("PRIORITY", priority);
  }

  @Override
  public int type() {
    return AttributeType.PRIORITY;
  }

  @Override
  public Bytes value(TransactionId transactionId) {
    return Values.uint32(priority);
  }

  static Optional<Attribute> decode(Bytes value) {
    return value.length() == 4
        ? Optional.of(new Priority(value.int32(0) & 0xffff_ffffL))
        : Optional.empty();
  }
}
