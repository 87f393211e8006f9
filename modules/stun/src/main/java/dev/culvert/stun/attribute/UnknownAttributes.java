package dev.culvert.stun.attribute;

import dev.culvert.sansio.Bytes;
import dev.culvert.stun.TransactionId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a server did not understand (RFC 8489 §14.13).
 *
 * @param types attribute types, 0 to 0xffff each
 */
public record UnknownAttributes(List<Integer> types) implements Attribute {

  /** Copies the list and refuses what is no type. */
  public UnknownAttributes {
    types = List.copyOf(types);
    types.forEach(type -> Values.requireUint16("an attribute type", type));
  }

  @Override
  public int type() {
    return AttributeType.UNKNOWN_ATTRIBUTES;
  }

  @Override
  public Bytes value(TransactionId transactionId) {
    byte[] value = new byte[2 * types.size()];
    for (int i = 0; i < types.size(); i++) {
      value[2 * i] = (byte) (types.get(i) >> 8);
      value[2 * i + 1] = (byte) types.get(i).intValue();
    }
    return Bytes.wrap(value);
  }

  static Optional<Attribute> decode(Bytes value) {
    if (value.length() % 2 != 0) {
      return Optional.empty();
    }
    List<Integer> types = new ArrayList<>();
    for (int i = 0; i < value.length(); i += 2) {
      types.add(value.uint16(i));
    }
    return Optional.of(new UnknownAttributes(types));
  }
}
