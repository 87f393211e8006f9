package dev.culvert.it;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.BitSet;

/** Datagrams with a number, filled with its last byte; and which of them came. */
final class Numbered {
  private final int wanted;
  private final int size;
  private final BitSet seen = new BitSet();
  private int wrong;

  /**
   * None came yet.
   *
   * @param wanted how many different ones are enough
   * @param size of each, in bytes
   */
  Numbered(int wanted, int size) {
    this.wanted = wanted;
    this.size = size;
  }

  /** One of them. */
  static byte[] datagram(int number, int size) {
    byte[] data = new byte[size];
    Arrays.fill(data, (byte) number);
    ByteBuffer.wrap(data).putInt(number);
    return data;
  }

  /**
   * Takes one that came; anything else, and what came before, is wrong.
   *
   * @return whether that is enough
   */
  boolean take(byte[] data) {
    int number = data.length == size ? ByteBuffer.wrap(data).getInt() : -1;
    if (number < 0 || seen.get(number) || !Arrays.equals(data, datagram(number, size))) {
      wrong++;
    } else {
      seen.set(number);
    }
    return seen.cardinality() >= wanted;
  }

  int wrong() {
    return wrong;
  }

  @Override
  public String toString() {
    return seen.cardinality() + " of " + wanted + " came, and wrong ones: " + wrong;
  }
}
