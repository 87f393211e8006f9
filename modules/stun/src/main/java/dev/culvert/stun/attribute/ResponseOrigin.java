package dev.culvert.stun.attribute;

import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.stun.TransactionId;
import java.util.Optional;

/**
 * The address that a response was sent from, as its sender sees it (RFC 5780 §7.3).
 *
 * @param address an IPv4 or IPv6 address and port
 */
public record ResponseOrigin(TransportAddress address) implements Attribute {

  @Override
  public int type() {
    return AttributeType.RESPONSE_ORIGIN;
  }

  @Override
  public Bytes value(TransactionId transactionId) {
    return AddressValue.encode(address);
  }

  static Optional<Attribute> decode(Bytes value, TransactionId transactionId) {
    return AddressValue.decode(value).map(ResponseOrigin::new);
  }
}
