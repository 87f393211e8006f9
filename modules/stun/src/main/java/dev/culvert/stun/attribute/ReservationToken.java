package dev.culvert.stun.attribute;

import dev.culvert.sansio.Bytes;
import dev.culvert.stun.TransactionId;
import java.util.Optional;

/**
 * Names a relayed address that a TURN server keeps aside (RFC 8656 §18.10).
 *
 * @param token 8 bytes
 */
public record ReservationToken(Bytes token) implements Attribute {

  /** Refuses any other length. */
  public ReservationToken {
    Values.requireLength("RESERVATION-TOKEN", token, 8);
  }

  @Override
  public int type() {
    return AttributeType.RESERVATION_TOKEN;
  }

  @Override
  public Bytes value(TransactionId transactionId) {
    return token;
  }

  static Optional<Attribute> decode(Bytes value) {
    return value.length() == 8 ? Optional.of(new ReservationToken(value)) : Optional.empty();
  }
}
