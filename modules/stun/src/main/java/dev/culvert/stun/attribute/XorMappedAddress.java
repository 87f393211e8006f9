package dev.culvert.stun.attribute;

import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.stun.TransactionId;
import java.util.Optional;

/**
 * A client's reflexive address, hidden from NATs that rewrite payloads (RFC 8489 §14.2).
 *
 * @param address an IPv4 or IPv6 address and port
 */
public record XorMappedAddress(TransportAddress address) implements Attribute {

  @Override
  public int type() {
    return AttributeType.XOR_MAPPED_ADDRESS;
  }

  @Override
  public Bytes value(TransactionId transactionId) {
    return AddressValue.encodeXored(address, transactionId);
  }

  static Optional<Attribute> decode(Bytes value, TransactionId transactionId) {
    return AddressValue.decodeXored(value, transactionId).map(XorMappedAddress::new);
  }
}
