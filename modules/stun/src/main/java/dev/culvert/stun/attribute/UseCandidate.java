package dev.culvert.stun.attribute;

import dev.culvert.sansio.Bytes;
import dev.culvert.stun.TransactionId;
import java.util.Optional;

/** The controlling agent nominates the pair that this check is for (RFC 8445 §7.1.2). */
public record UseCandidate() implements Attribute {

  @Override
  public int type() {
    return AttributeType.USE_CANDIDATE;
  }

  @Override
  public Bytes value(TransactionId transactionId) {
    return Bytes.empty();
  }

  static Optional<Attribute> decode(Bytes value) {
    return value.isEmpty() ? Optional.of(new UseCandidate()) : Optional.empty();
  }
}
