package dev.culvert.stun.attribute;

import dev.culvert.sansio.Bytes;
import dev.culvert.stun.TransactionId;
import java.util.Optional;

/**
 * What software sent this message (RFC 8489 §14.14); for people only.
 *
 * @param description fewer than 128 characters
 */
public record Software(String description) implements Attribute {

  /** Refuses longer text and text that UTF-8 cannot carry. */
  public Software {
    Text.require("SOFTWARE", description);
  }

  @Override
  public int type() {
    return AttributeType.SOFTWARE;
  }

  @Override
  public Bytes value(TransactionId transactionId) {
    return Bytes.utf8(description);
  }

  static Optional<Attribute> decode(Bytes value) {
    return Text.decode(value, 0).map(Software::new);
  }
}
