package dev.culvert.stun.attribute;

import dev.culvert.sansio.Bytes;
import dev.culvert.stun.TransactionId;
import java.util.Optional;

/**
 * Asks a server to answer from elsewhere (RFC 5780 §7.2).
 *
 * @param changeIp whether from its other IP address
 * @param changePort whether from its other port
 */
public record ChangeRequest(boolean changeIp, boolean changePort) implements Attribute {

  @Override
  public int type() {
    return AttributeType.CHANGE_REQUEST;
  }

  @Override
  public Bytes value(TransactionId transactionId) {
    return Bytes.of(0, 0, 0, (changeIp ? 4 : 0) | (changePort ? 2 : 0));
  }

  static Optional<Attribute> decode(Bytes value) {
    return value.length() == 4
        ? Optional.of(new ChangeRequest((value.at(3) & 4) != 0, (value.at(3) & 2) != 0))
        : Optional.empty();
  }
}
