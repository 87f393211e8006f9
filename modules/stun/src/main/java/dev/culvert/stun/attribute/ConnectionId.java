package dev.culvert.stun.attribute;

import dev.culvert.sansio.Bytes;
import dev.culvert.stun.TransactionId;
import java.util.Optional;

/**
 * Names a peer's TCP connection at a TURN server (RFC 6062 §6.2.1).
 *
 * @param id 0 to 2³²-1
 */
public record ConnectionId(long id) implements Attribute {

  /** Refuses what 32 bits cannot carry. */
  public ConnectionId {
    Values.requireUint32("CONNECTION-ID", id);
  }

  @Override
  public int type() {
    return AttributeType.CONNECTION_ID;
  }

  @Override
  public Bytes value(TransactionId transactionId) {
    return Values.uint32(id);
  }

  static Optional<Attribute> decode(Bytes value) {
    return value.length() == 4
        ? Optional.of(new ConnectionId(value.int32(0) & 0xffff_ffffL))
        : Optional.empty();
  }
}
