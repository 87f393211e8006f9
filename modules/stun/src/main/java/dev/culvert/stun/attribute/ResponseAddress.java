package dev.culvert.stun.attribute;

import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.stun.TransactionId;
import java.util.Optional;

/**
 * Where an RFC 3489 client wants the response sent (RFC 3489 §11.2.2). Never honoured: it would
 * make a server fire at whomever the request names.
 *
 * @param address an IPv4 or IPv6 address and port
 */
public record ResponseAddress(TransportAddress address) implements Attribute {

  @Override
  public int type() {
    return AttributeType.RESPONSE_ADDRESS;
  }

  @Override
  public Bytes value(TransactionId transactionId) {
    return AddressValue.encode(address);
  }

  static Optional<Attribute> decode(Bytes value, TransactionId transactionId) {
    return AddressValue.decode(value).map(ResponseAddress::new);
  }
}
