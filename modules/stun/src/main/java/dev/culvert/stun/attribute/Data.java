package dev.culvert.stun.attribute;

import dev.culvert.sansio.Bytes;
import dev.culvert.stun.TransactionId;
import java.util.Optional;

/**
 * Application data on its way through a TURN server (RFC 8656 §18.4).
 *
 * @param payload what goes to or came from the peer; may be empty
 */
public record Data(Bytes payload) implements Attribute {

  @Override
  public int type() {
    return AttributeType.DATA;
  }

  @Override
  public Bytes value(TransactionId transactionId) {
    return payload;
  }

  static Optional<Attribute> decode(Bytes value) {
    return Optional.of(new Data(value));
  }
}
