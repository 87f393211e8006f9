package dev.culvert.stun.attribute;

import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.stun.TransactionId;
import java.util.Optional;

/**
 * Another server to try instead (RFC 8489 §14.15).
 *
 * @param address an IPv4 or IPv6 address and port
 */
public record AlternateServer(TransportAddress address) implements Attribute {

  @Override
  public int type() {
    return AttributeType.ALTERNATE_SERVER;
  }

  @Override
  public Bytes value(TransactionId transactionId) {
    return AddressValue.encode(address);
  }

  static Optional<Attribute> decode(Bytes value, TransactionId transactionId) {
    return AddressValue.decode(value).map(AlternateServer::new);
  }
}
