package dev.culvert.stun.attribute;

import dev.culvert.sansio.Bytes;
import dev.culvert.stun.TransactionId;

/**
 * An attribute without a class of its own, or a comprehension-optional one with a value that it
 * cannot have.
 *
 * @param type 0 to 0xffff
 * @param raw the value as it travels, without padding
 */
public record UnknownAttribute(int type, Bytes raw) implements Attribute {

  /** Refuses what the fields cannot carry. */
  public UnknownAttribute {
    Values.requireUint16("an attribute type", type);
    Values.requireUint16("an attribute's length", raw.length());
  }

  @Override
  public Bytes value(TransactionId transactionId) {
    return raw;
  }
}
