package dev.culvert.stun.attribute;

import dev.culvert.sansio.Bytes;
import dev.culvert.stun.TransactionId;
import java.util.Optional;

/**
 * The relayed port shall be even (RFC 8656 §18.7).
 *
 * @param reserveNext whether the next higher port shall be kept aside
 */
public record EvenPort(boolean reserveNext) implements Attribute {

  @Override
  public int type() {
    return AttributeType.EVEN_PORT;
  }

  @Override
  public Bytes value(TransactionId transactionId) {
    return Bytes.of(reserveNext ? 0x80 : 0);
  }

  static Optional<Attribute> decode(Bytes value) {
    return value.length() == 1
        ? Optional.of(new EvenPort((value.at(0) & 0x80) != 0))
        : Optional.empty();
  }
}
