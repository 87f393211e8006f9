package dev.culvert.sansio;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Objects;

/**
 * An immutable sequence of bytes with value equality; slices share memory with what they were cut
 * from. Its order is that of its unsigned bytes, the first first, and a beginning before the whole.
 */
// Strangers choose keys of maps whose hashes are all the same; a HashMap finds them by this order.
public final class Bytes implements Comparable<Bytes> {
  private static final Bytes EMPTY = new Bytes(new byte[0], 0, 0);

  private final byte[] array;
  private final int offset;
  private final int length;

  private Bytes(byte[] array, int offset, int length) {
    this.array = array;
    this.offset = offset;
    this.length = length;
  }

  /** No bytes at all. */
  public static Bytes empty() {
    return EMPTY;
  }

  /** The given values, each cut to its low eight bits. */
  public static Bytes of(int... values) {
    byte[] array = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      array[i] = (byte) values[i];
    }
    return wrap(array);
  }

  /** A copy of {@code array}. */
  public static Bytes copyOf(byte[] array) {
    return wrap(array.clone());
  }

  /** A copy of the remaining bytes of {@code buffer}, whose position stays where it was. */
  public static Bytes copyOf(ByteBuffer buffer) {
    byte[] array = new byte[buffer.remaining()];
    buffer.get(buffer.position(), array);
    return wrap(array);
  }

  /** {@code array} itself; the caller gives it away and must not change it again. */
  public static Bytes wrap(byte[] array) {
    return array.length == 0 ? EMPTY : new Bytes(array, 0, array.length);
  }

  /** The UTF-8 form of {@code text}. */
  public static Bytes utf8(String text) {
    return wrap(text.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * The bytes that {@code hex} spells; white space is passed over.
   *
   * @throws IllegalArgumentException if anything else than hexadecimal digits remains
   */
  public static Bytes hex(String hex) {
    return wrap(HexFormat.of().parseHex(hex.replaceAll("\\s", "")));
  }

  /** The number of bytes. */
  public int length() {
    return length;
  }

  /** Whether there are no bytes. */
  public boolean isEmpty() {
    return length == 0;
  }

  /**
   * The byte at {@code index}, 0 to 255.
   *
   * @throws IndexOutOfBoundsException unless {@code 0 <= index < length()}
   */
  public int at(int index) {
    return array[offset + Objects.checkIndex(index, length)] & 0xff;
  }

  /** The big-endian unsigned 16-bit value at {@code index}. */
  public int uint16(int index) {
    return at(index) << 8 | at(index + 1);
  }

  /** The big-endian 32-bit value at {@code index}. */
  public int int32(int index) {
    return uint16(index) << 16 | uint16(index + 2);
  }

  /** The big-endian 64-bit value at {@code index}. */
  public long int64(int index) {
    return ((long) int32(index) << 32) | (int32(index + 4) & 0xffff_ffffL);
  }

  /**
   * The bytes from {@code from} up to, without, {@code to}; no copy is made.
   *
   * @throws IndexOutOfBoundsException unless {@code 0 <= from <= to <= length()}
   */
  public Bytes slice(int from, int to) {
    Objects.checkFromToIndex(from, to, length);
    return from == to ? EMPTY : new Bytes(array, offset + from, to - from);
  }

  /** The bytes from {@code from} to the end; no copy is made. */
  public Bytes slice(int from) {
    return slice(from, length);
  }

  /** These bytes followed by {@code other}. */
  public Bytes concat(Bytes other) {
    byte[] joined = Arrays.copyOfRange(array, offset, offset + length + other.length);
    System.arraycopy(other.array, other.offset, joined, length, other.length);
    return wrap(joined);
  }

  /** Whether the first bytes are those of {@code prefix}. */
  public boolean startsWith(Bytes prefix) {
    return prefix.length <= length && slice(0, prefix.length).equals(prefix);
  }

  /** A new array with these bytes. */
  public byte[] toByteArray() {
    return Arrays.copyOfRange(array, offset, offset + length);
  }

  /** A read-only view; no copy is made. */
  public ByteBuffer asByteBuffer() {
    return ByteBuffer.wrap(array, offset, length).slice().asReadOnlyBuffer();
  }

  /** Writes all bytes into {@code target} from {@code index} on. */
  public void copyTo(byte[] target, int index) {
    System.arraycopy(array, offset, target, index, length);
  }

  /** The text that these bytes spell in UTF-8; what is malformed becomes U+FFFD. */
  public String utf8() {
    return new String(array, offset, length, StandardCharsets.UTF_8);
  }

  /** Lower-case hexadecimal digits without separators. */
  public String hex() {
    return HexFormat.of().formatHex(array, offset, offset + length);
  }

  /** Compares in a time that depends on the lengths alone, for secrets and their proofs. */
  public boolean equalsInConstantTime(Bytes other) {
    if (length != other.length) {
      return false;
    }
    int difference = 0;
    for (int i = 0; i < length; i++) {
      difference |= array[offset + i] ^ other.array[other.offset + i];
    }
    return difference == 0;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Bytes that
        && Arrays.equals(
            array, offset, offset + length, that.array, that.offset, that.offset + that.length);
  }

  @Override
  public int compareTo(Bytes other) {
    return Arrays.compareUnsigned(
        array, offset, offset + length, other.array, other.offset, other.offset + other.length);
  }

  @Override
  public int hashCode() {
    return asByteBuffer().hashCode();
  }

  /** The length and at most the first 32 bytes in hexadecimal. */
  @Override
  public String toString() {
    String shown = HexFormat.of().formatHex(array, offset, offset + Math.min(length, 32));
    return length + "B[" + shown + (length > 32 ? "…]" : "]");
  }
}
