package dev.culvert.stun.attribute;

import dev.culvert.sansio.Bytes;
import dev.culvert.stun.TransactionId;
import java.util.Optional;

/**
 * How long a TURN server keeps an allocation without a refresh (RFC 8656 §18.2).
 *
 * @param seconds 0 to 2³²-1
 */
public record Lifetime(long seconds) implements Attribute {

  /** Refuses what 32 bits cannot carry. */
  public Lifetime {
    Values.requireUint32("LIFETIME", seconds);
  }

  @Override
  public int type() {
    return AttributeType.LIFETIME;
  }

  @Override
  public Bytes value(TransactionId transactionId) {
    return Values.uint32(seconds);
  }

  static Optional<Attribute> decode(Bytes value) {
    return value.length() == 4
        ? Optional.of(new Lifetime(value.int32(0) & 0xffff_ffffL))
        : Optional.empty();
  }
}
