package dev.culvert.ice;

import dev.culvert.stun.attribute.Padding;

/** The PADDING that brings a STUN message to a length (RFC 5780 §7.6). */
final class Padded {
  private static final int HEADER = 4;

  private Padded() {}

  /**
   * What is missing.
   *
   * @param wanted a multiple of four, as {@code length} is
   * @param length of the message without it
   */
  static Padding to(int wanted, int length) {
    return new Padding(Math.max(0, wanted - length - HEADER));
  }
}
