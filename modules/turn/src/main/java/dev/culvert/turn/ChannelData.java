package dev.culvert.turn;

import dev.culvert.sansio.Bytes;
import java.util.Optional;

/**
 * A ChannelData message (RFC 8656 §12.4): four bytes of header and what is relayed.
 *
 * @param channel the channel number, 0x4000 to 0x7ffe
 * @param data what is relayed, at most 65,535 bytes
 */
public record ChannelData(int channel, Bytes data) {
  /** The bytes of the header. */
  public static final int HEADER_LENGTH = 4;

  /** The lowest channel number (RFC 8656 §12). */
  public static final int FIRST_CHANNEL = 0x4000;

  /** The highest channel number. */
  public static final int LAST_CHANNEL = 0x4fff;

  /**
   * The highest channel number of RFC 5766 §11. RFC 7983 gave those above {@link #LAST_CHANNEL} to
   * others, whom a relay does not meet on the sockets where it listens.
   */
  public static final int LAST_OLD_CHANNEL = 0x7ffe;

  /** Refuses numbers that are no channel's, and too much data. */
  public ChannelData {
    if (!isChannel(channel)) {
      throw new IllegalArgumentException("a channel is 0x4000 to 0x7ffe, not " + channel);
    }
    if (data.length() > 0xffff) {
      throw new IllegalArgumentException("a length field cannot say " + data.length());
    }
  }

  /** Whether {@code number} can be bound by clients of RFC 5766 or later. */
  public static boolean isChannel(int number) {
    return number >= FIRST_CHANNEL && number <= LAST_OLD_CHANNEL;
  }

  /** Whether a message that begins with this byte, 0 to 255, is ChannelData and not STUN. */
  public static boolean beginsWith(int firstByte) {
    return firstByte >> 6 == 1;
  }

  /**
   * Reads a message; bytes after it are padding.
   *
   * @return empty if it is cut off or no channel's
   */
  public static Optional<ChannelData> decode(Bytes wire) {
    if (wire.length() < HEADER_LENGTH || !isChannel(wire.uint16(0))) {
      return Optional.empty();
    }
    int end = HEADER_LENGTH + wire.uint16(2);
    return end > wire.length()
        ? Optional.empty()
        : Optional.of(new ChannelData(wire.uint16(0), wire.slice(HEADER_LENGTH, end)));
  }

  /** The message as a datagram carries it. */
  public Bytes encode() {
    int length = data.length();
    return Bytes.of(channel >> 8, channel, length >> 8, length).concat(data);
  }

  /** The message as a stream carries it: padded to a multiple of four bytes (RFC 8656 §12.5). */
  public Bytes encodePadded() {
    return encode().concat(Bytes.wrap(new byte[-data.length() & 3]));
  }
}
