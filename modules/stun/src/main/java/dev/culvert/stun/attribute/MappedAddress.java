package dev.culvert.stun.attribute;

import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.stun.TransactionId;
import java.util.Optional;

/**
 * A client's reflexive address in the clear, for RFC 3489 clients (RFC 8489 §14.1). Some NATs
 * rewrite it on its way; {@link XorMappedAddress} tells better.
 *
 * @param address an IPv4 or IPv6 address and port
 */
public record MappedAddress(TransportAddress address) implements Attribute {

  @Override
  public int type() {
    return AttributeType.MAPPED_ADDRESS;
  }

  @Override
  public Bytes value(TransactionId transactionId) {
    return AddressValue.encode(address);
  }

  static Optional<Attribute> decode(Bytes value, TransactionId transactionId) {
    return AddressValue.decode(value).map(MappedAddress::new);
  }
}
