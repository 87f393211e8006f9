package dev.culvert.stun.attribute;

import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.stun.TransactionId;
import java.util.Optional;

/**
 * The address that a response was sent from, for RFC 3489 clients (RFC 3489 §11.2.5).
 *
 * @param address an IPv4 or IPv6 address and port
 */
public record SourceAddress(TransportAddress address) implements Attribute {

  @Override
  public int type() {
    return AttributeType.SOURCE_ADDRESS;
  }

  @Override
  public Bytes value(TransactionId transactionId) {
    return AddressValue.encode(address);
  }

  static Optional<Attribute> decode(Bytes value, TransactionId transactionId) {
    return AddressValue.decode(value).map(SourceAddress::new);
  }
}
