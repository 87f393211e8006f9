package dev.culvert.stun.attribute;

import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.stun.TransactionId;
import java.util.Optional;

/**
 * The server's other address and port, both different from those asked (RFC 5780 §7.4).
 *
 * @param address an IPv4 or IPv6 address and port
 */
public record OtherAddress(TransportAddress address) implements Attribute {

  @Override
  public int type() {
    return AttributeType.OTHER_ADDRESS;
  }

  @Override
  public Bytes value(TransactionId transactionId) {
    return AddressValue.encode(address);
  }

  static Optional<Attribute> decode(Bytes value, TransactionId transactionId) {
    return AddressValue.decode(value).map(OtherAddress::new);
  }
}
