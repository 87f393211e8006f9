package dev.culvert.stun.attribute;

import dev.culvert.sansio.Bytes;
import dev.culvert.stun.TransactionId;
import java.util.Optional;

/**
 * A TURN channel (RFC 8656 §18.1).
 *
 * @param number 0x4000 to 0x4fff if valid; any 16-bit value is carried, and servers refuse the
 *     others with 400
 */
public record ChannelNumber(int number) implements Attribute {

  /** Refuses what 16 bits cannot carry. */
  public ChannelNumber {
    Values.requireUint16("CHANNEL-NUMBER", number);
  }

  /** Whether a channel may have this number (RFC 8656 §12). */
  public boolean isValid() {
    return number >= 0x4000 && number <= 0x4fff;
  }

  @Override
  public int type() {
    return AttributeType.CHANNEL_NUMBER;
  }

  @Override
  public Bytes value(TransactionId transactionId) {
    return Bytes.of(number >> 8, number, 0, 0);
  }

  static Optional<Attribute> decode(Bytes value) {
    return value.length() == 4 ? Optional.of(new ChannelNumber(value.uint16(0))) : Optional.empty();
  }
}
