package dev.culvert.stun;

import dev.culvert.sansio.Bytes;
import java.util.Arrays;

/** A growing big-endian buffer. */
final class Wire {
  private byte[] array;
  private int length;

  private Wire(int capacity) {
    array = new byte[capacity];
  }

  static Wire buffer(int capacity) {
    return new Wire(capacity);
  }

  int length() {
    return length;
  }

  Wire putShort(int value) {
    reserve(2);
    array[length++] = (byte) (value >> 8);
    array[length++] = (byte) value;
    return this;
  }

  Wire putInt(int value) {
    return putShort(value >> 16).putShort(value);
  }

  Wire putLong(long value) {
    return putInt((int) (value >> 32)).putInt((int) value);
  }

  Wire put(Bytes bytes) {
    reserve(bytes.length());
    bytes.copyTo(array, length);
    length += bytes.length();
    return this;
  }

  Wire putZeros(int count) {
    reserve(count);
    length += count;
    return this;
  }

  void setShort(int index, int value) {
    array[index] = (byte) (value >> 8);
    array[index + 1] = (byte) value;
  }

  /** A view of what was written so far; the next write may show through. */
  Bytes written() {
    return Bytes.wrap(array).slice(0, length);
  }

  /** What was written; this buffer must not be used again. */
  Bytes toBytes() {
    return written();
  }

  private void reserve(int count) {
    if (length + count > array.length) {
      array = Arrays.copyOf(array, Math.max(2 * array.length, length + count));
    }
  }
}
