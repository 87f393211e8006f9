package dev.culvert.stun.attribute;

import dev.culvert.sansio.Bytes;
import dev.culvert.stun.TransactionId;
import java.util.Optional;

/**
 * A user name and realm, hashed, in place of {@link Username} (RFC 8489 §14.4).
 *
 * @param hash 32 bytes
 */
public record UserHash(Bytes hash) implements Attribute {

  /** Refuses any other length. */
  public UserHash {
    Values.requireLength("USERHASH", hash, 32);
  }

  @Override
  public int type() {
    return AttributeType.USERHASH;
  }

  @Override
  public Bytes value(TransactionId transactionId) {
    return hash;
  }

  static Optional<Attribute> decode(Bytes value) {
    return value.length() == 32 ? Optional.of(new UserHash(value)) : Optional.empty();
  }
}
