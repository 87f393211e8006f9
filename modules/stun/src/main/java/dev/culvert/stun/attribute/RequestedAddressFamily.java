package dev.culvert.stun.attribute;

import dev.culvert.sansio.Bytes;
import dev.culvert.stun.TransactionId;
import java.util.Optional;

/**
 * The address family that an allocation or refresh asks for (RFC 8656 §18.6).
 *
 * @param family {@link AddressFamily#IPV4}, {@link AddressFamily#IPV6}, or another 8-bit value,
 *     which servers refuse with 440
 */
public record RequestedAddressFamily(int family) implements Attribute {

  /** Refuses what 8 bits cannot carry. */
  public RequestedAddressFamily {
    Values.requireUint8("REQUESTED-ADDRESS-FAMILY", family);
  }

  @Override
  public int type() {
    return AttributeType.REQUESTED_ADDRESS_FAMILY;
  }

  @Override
  public Bytes value(TransactionId transactionId) {
    return Bytes.of(family, 0, 0, 0);
  }

  /** Four bytes by the RFC; ice4j sends the first alone. */
  static Optional<Attribute> decode(Bytes value) {
    return value.length() == 4 || value.length() == 1
        ? Optional.of(new RequestedAddressFamily(value.at(0)))
        : Optional.empty();
  }
}
