package dev.culvert.cli.lab.connect;

import java.nio.ByteBuffer;
import java.util.OptionalLong;
import java.util.zip.CRC32;

/** What both sides say: records with a number, filling that follows from it, and a checksum. */
final class Records {
  /** Bytes of one. */
  static final int SIZE = 256;

  private static final int SUM = Integer.BYTES;
  private static final long STRIDE = 0x9e3779b97f4a7c15L;

  private Records() {}

  /** The record of that number, the same on both sides. */
  static byte[] of(long number) {
    ByteBuffer record = ByteBuffer.allocate(SIZE);
    record.putLong(number);
    long filling = number;
    while (record.remaining() > SUM) {
      filling = filling * STRIDE + 1;
      if (record.remaining() >= SUM + Long.BYTES) {
        record.putLong(filling);
      } else {
        record.putInt((int) filling);
      }
    }
    record.putInt(sum(record.array()));
    return record.array();
  }

  private static int sum(byte[] record) {
    CRC32 sum = new CRC32();
    sum.update(record, 0, SIZE - SUM);
    return (int) sum.getValue();
  }

  /** The number of a record of {@link #SIZE} bytes; empty if a byte is wrong. */
  static OptionalLong number(byte[] record) {
    ByteBuffer whole = ByteBuffer.wrap(record);
    return whole.getInt(SIZE - SUM) == sum(record)
        ? OptionalLong.of(whole.getLong(0))
        : OptionalLong.empty();
  }
}
