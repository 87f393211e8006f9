package dev.culvert.stun.attribute;

import dev.culvert.sansio.Bytes;
import dev.culvert.stun.TransactionId;
import java.util.Optional;

/**
 * The protocol between TURN server and peer (RFC 8656 §18.8).
 *
 * @param protocol {@link #UDP}, {@link #TCP}, or another 8-bit IP protocol number, which servers
 *     refuse with 442
 */
public record RequestedTransport(int protocol) implements Attribute {

  /** UDP, the IP protocol 17. */
  public static final int UDP = 17;

  /** TCP, the IP protocol 6 (RFC 6062). */
  public static final int TCP = 6;

  /** Refuses what 8 bits cannot carry. */
  public RequestedTransport {
    Values.requireUint8("REQUESTED-TRANSPORT", protocol);
  }

  @Override
  public int type() {
    return AttributeType.REQUESTED_TRANSPORT;
  }

  @Override
  public Bytes value(TransactionId transactionId) {
    return Bytes.of(protocol, 0, 0, 0);
  }

  static Optional<Attribute> decode(Bytes value) {
    return value.length() == 4
        ? Optional.of(new RequestedTransport(value.at(0)))
        : Optional.empty();
  }
}
