package dev.culvert.natsim;

import dev.culvert.sansio.Bytes;
import java.io.ByteArrayOutputStream;

/** Puts big-endian numbers one after the other. */
final class WireBytes {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  WireBytes int8(int value) {
    out.write(value);
    return this;
  }

  WireBytes int16(int value) {
    return int8(value >> 8).int8(value);
  }

  WireBytes int32(int value) {
    return int16(value >> 16).int16(value);
  }

  WireBytes append(Bytes bytes) {
    byte[] array = bytes.toByteArray();
    out.write(array, 0, array.length);
    return this;
  }

  Bytes bytes() {
    return Bytes.wrap(out.toByteArray());
  }

  /** The ones' complement of the ones' complement sum of all 16-bit words (RFC 1071). */
  static int checksum(Bytes bytes) {
    long sum = 0;
    for (int at = 0; at + 1 < bytes.length(); at += 2) {
      sum += bytes.uint16(at);
    }
    if (bytes.length() % 2 == 1) {
      sum += bytes.at(bytes.length() - 1) << 8;
    }
    while (sum > 0xffff) {
      sum = (sum & 0xffff) + (sum >> 16);
    }
    return (int) ~sum & 0xffff;
  }
}
