package dev.culvert.stun;

import dev.culvert.sansio.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Cuts a stream into STUN messages (RFC 8489 §6.2.2) and, for TURN, ChannelData (RFC 8656 §12.5),
 * however the pieces are cut. One for each connection and direction, confined to its thread; it
 * holds at most one incomplete message.
 */
public final class StreamFraming {
  private static final int CHANNEL_DATA_HEADER = 4;

  private final boolean channelData;
  private final int maxLength;
  private Wire rest = Wire.buffer(0);
  private Optional<String> fault = Optional.empty();

  /**
   * At the beginning of a stream.
   *
   * @param channelData whether ChannelData may stand between the messages
   * @param maxLength the longest message or ChannelData taken, header and padding included, at
   *     least 20 bytes
   */
  public StreamFraming(boolean channelData, int maxLength) {
    if (maxLength < StunCodec.HEADER_LENGTH) {
      throw new IllegalArgumentException(
          "no message is as short as " + maxLength + " bytes; the shortest has 20");
    }
    this.channelData = channelData;
    this.maxLength = maxLength;
  }

  /**
   * Takes the next piece of the stream.
   *
   * @return what became complete, in order: messages for {@link StunCodec#decode}, and ChannelData
   *     with its header and without its padding
   */
  public List<Bytes> feed(Bytes piece) {
    List<Bytes> complete = new ArrayList<>();
    boolean continued = rest.length() > 0;
    Bytes bytes = continued ? rest.put(piece).written() : piece;
    while (fault.isEmpty() && !bytes.isEmpty()) {
      int length = lengthOf(bytes);
      if (length > maxLength) {
        fault =
            Optional.of("a message of " + length + " bytes where " + maxLength + " is the most");
      } else if (fault.isPresent() || length == 0 || bytes.length() < length) {
        break;
      } else {
        complete.add(bytes.slice(0, length - paddingAt(bytes)));
        bytes = bytes.slice(length);
      }
    }
    // What was handed out shares memory with the buffer, so what remains moves to a new one.
    if (!continued || !complete.isEmpty() || fault.isPresent()) {
      rest = fault.isPresent() ? Wire.buffer(0) : Wire.buffer(bytes.length()).put(bytes);
    }
    return complete;
  }

  /**
   * Why the stream cannot be read on, in one line; empty while it can. There is no way back in step
   * with a stream that lost it: close the connection.
   */
  public Optional<String> fault() {
    return fault;
  }

  /** Whether the stream could end here: no message is incomplete. */
  public boolean isAtBoundary() {
    return rest.length() == 0;
  }

  /** What the first message takes on the stream; 0 while its header is incomplete. */
  private int lengthOf(Bytes bytes) {
    if (bytes.at(0) >> 6 == 1 && channelData) {
      return bytes.length() < CHANNEL_DATA_HEADER
          ? 0
          : CHANNEL_DATA_HEADER + bytes.uint16(2) + paddingAt(bytes);
    }
    if (bytes.at(0) >> 6 != 0) {
      fault = Optional.of("a message that begins with byte " + bytes.at(0) + " is not STUN");
      return 0;
    }
    if (bytes.length() >= 4 && bytes.uint16(2) % 4 != 0) {
      fault = Optional.of("a message whose length is no multiple of four is not STUN");
      return 0;
    }
    if (bytes.length() < 8) {
      return 0;
    }
    if (bytes.int32(4) != StunCodec.MAGIC_COOKIE) {
      fault = Optional.of("a message without the magic cookie is not STUN");
      return 0;
    }
    return StunCodec.HEADER_LENGTH + bytes.uint16(2);
  }

  private static int paddingAt(Bytes bytes) {
    return bytes.at(0) >> 6 == 1 ? -bytes.uint16(2) & 3 : 0;
  }
}
