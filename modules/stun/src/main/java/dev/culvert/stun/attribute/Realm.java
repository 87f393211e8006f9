package dev.culvert.stun.attribute;

import dev.culvert.sansio.Bytes;
import dev.culvert.stun.TransactionId;
import java.util.Optional;

/**
 * The realm in which a long-term credential is valid (RFC 8489 §14.9), without quotes, as it
 * travels.
 *
 * @param realm fewer than 128 characters
 */
public record Realm(String realm) implements Attribute {

  /** Refuses longer text and text that UTF-8 cannot carry. */
  public Realm {
    Text.require("REALM", realm);
  }

  @Override
  public int type() {
    return AttributeType.REALM;
  }

  @Override
  public Bytes value(TransactionId transactionId) {
    return Bytes.utf8(realm);
  }

  static Optional<Attribute> decode(Bytes value) {
    return Text.decode(value, 0).map(Realm::new);
  }
}
