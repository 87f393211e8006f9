package dev.culvert.stun.attribute;

import dev.culvert.sansio.Bytes;
import dev.culvert.stun.TransactionId;
import java.util.Optional;

/**
 * A second address family that an allocation asks for (RFC 8656 §18.11).
 *
 * @param family {@link AddressFamily#IPV6}, or another 8-bit value, which servers refuse with 400
 */
public record AdditionalAddressFamily(int family) implements Attribute {

  /** Refuses what 8 bits cannot carry. */
  public AdditionalAddressFamily {
    Values.requireUint8("ADDITIONAL-ADDRESS-FAMILY", family);
  }

  @Override
  public int type() {
    return AttributeType.ADDITIONAL_ADDRESS_FAMILY;
  }

  @Override
  public Bytes value(TransactionId transactionId) {
    return Bytes.of(family, 0, 0, 0);
  }

  static Optional<Attribute> decode(Bytes value) {
    return value.length() == 4
        ? Optional.of(new AdditionalAddressFamily(value.at(0)))
        : Optional.empty();
  }
}
