package dev.culvert.stun.attribute;

import dev.culvert.sansio.Bytes;
import dev.culvert.stun.TransactionId;
import java.util.Optional;

/**
 * The port of the source address to which the response shall go (RFC 5780 §7.5).
 *
 * @param port 0 to 65535
 */
public record ResponsePort(int port) implements Attribute {

  /** Refuses what 16 bits cannot carry. */
  public ResponsePort {
    Values.requireUint16("RESPONSE-PORT", port);
  }

  @Override
  public int type() {
    return AttributeType.RESPONSE_PORT;
  }

  @Override
  public Bytes value(TransactionId transactionId) {
    return Bytes.of(port >> 8, port, 0, 0);
  }

  /** Some senders count the two bytes that follow the port as padding, others as value. */
  static Optional<Attribute> decode(Bytes value) {
    return value.length() == 2 || value.length() == 4
        ? Optional.of(new ResponsePort(value.uint16(0)))
        : Optional.empty();
  }
}
