package dev.culvert.stun;

import dev.culvert.sansio.Bytes;

/**
 * What an integrity attribute covers: everything before it, with the length in the header reaching
 * to its own end (RFC 8489 §14.5).
 */
record Covered(Bytes header, Bytes attributes) {

  /**
   * The text to be authenticated.
   *
   * @param before the message up to the attribute, header included
   * @param valueLength the length of the attribute's value
   */
  static Covered before(Bytes before, int valueLength) {
    int end = before.length() + 4 + valueLength - StunCodec.HEADER_LENGTH;
    return new Covered(before.slice(0, 2).concat(Bytes.of(end >> 8, end)), before.slice(4));
  }
}
