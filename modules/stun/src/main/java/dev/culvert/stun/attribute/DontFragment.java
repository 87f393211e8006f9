package dev.culvert.stun.attribute;

import dev.culvert.sansio.Bytes;
import dev.culvert.stun.TransactionId;
import java.util.Optional;

/** The TURN server shall set the DF bit towards the peer (RFC 8656 §18.9). */
public record DontFragment() implements Attribute {

  @Override
  public int type() {
    return AttributeType.DONT_FRAGMENT;
  }

  @Override
  public Bytes value(TransactionId transactionId) {
    return Bytes.empty();
  }

  static Optional<Attribute> decode(Bytes value) {
    return value.isEmpty() ? Optional.of(new DontFragment()) : Optional.empty();
  }
}
