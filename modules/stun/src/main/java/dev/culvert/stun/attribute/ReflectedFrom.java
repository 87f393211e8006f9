package dev.culvert.stun.attribute;

import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.stun.TransactionId;
import java.util.Optional;

/**
 * Whose request made this response go elsewhere (RFC 3489 §11.2.11).
 *
 * @param address an IPv4 or IPv6 address and port
 */
public record ReflectedFrom(TransportAddress address) implements Attribute {

  @Override
  public int type() {
    return AttributeType.REFLECTED_FROM;
  }

  @Override
  public Bytes value(TransactionId transactionId) {
    return AddressValue.encode(address);
  }

  static Optional<Attribute> decode(Bytes value, TransactionId transactionId) {
    return AddressValue.decode(value).map(ReflectedFrom::new);
  }
}
