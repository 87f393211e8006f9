package dev.culvert.stun.attribute;

import dev.culvert.sansio.Bytes;

/** Fixed-size values and their limits. */
final class Values {
  private Values() {}

  static Bytes uint16(int value) {
    return Bytes.of(value >> 8, value);
  }

  static Bytes uint32(long value) {
    return Bytes.of((int) (value >> 24), (int) (value >> 16), (int) (value >> 8), (int) value);
  }

  static Bytes int64(long value) {
    return uint32(value >>> 32).concat(uint32(value));
  }

  /** The bytes that bring {@code length} up to a multiple of four. */
  static int padding(int length) {
    return -length & 3;
  }

  static void requireUint8(String what, int value) {
    require(what, value, 0xff);
  }

  static void requireUint16(String what, int value) {
    require(what, value, 0xffff);
  }

  static void requireUint32(String what, long value) {
    require(what, value, 0xffff_ffffL);
  }

  static void requireLength(String what, Bytes value, int length) {
    if (value.length() != length) {
      throw new IllegalArgumentException(what + " has " + length + " bytes, not " + value.length());
    }
  }

  private static void require(String what, long value, long max) {
    if (value < 0 || value > max) {
      throw new IllegalArgumentException(what + " is 0 to " + max + ", not " + value);
    }
  }
}
