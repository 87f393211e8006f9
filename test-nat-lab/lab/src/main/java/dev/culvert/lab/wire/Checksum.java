package dev.culvert.lab.wire;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The Internet checksum (RFC 1071) that the kernel leaves to a network card. */
final class Checksum {
  private static final int NEEDED = 1;
  private static final int START_AT = 6;
  private static final int OFFSET_AT = 8;

  private Checksum() {}

  /** Computes it, in place, where the note before the frame says that it is wanting. */
  static void finish(byte[] noted) {
    ByteBuffer note = ByteBuffer.wrap(noted).order(ByteOrder.nativeOrder());
    if (noted.length < PacketSocket.NOTE || (noted[0] & NEEDED) == 0) {
      return;
    }
    int start = PacketSocket.NOTE + Short.toUnsignedInt(note.getShort(START_AT));
    int at = start + Short.toUnsignedInt(note.getShort(OFFSET_AT));
    if (at + 2 > noted.length) {
      return;
    }
    // The field holds the sum of the pseudo header already.
    long sum = 0;
    for (int i = start; i < noted.length; i += 2) {
      int low = i + 1 < noted.length ? noted[i + 1] & 0xff : 0;
      sum += (noted[i] & 0xff) << 8 | low;
    }
    while (sum >> 16 != 0) {
      sum = (sum & 0xffff) + (sum >> 16);
    }
    int complement = (int) ~sum & 0xffff;
    // In UDP, zero would mean that there is none (RFC 768); in TCP both mean the same.
    int value = complement == 0 ? 0xffff : complement;
    noted[at] = (byte) (value >> 8);
    noted[at + 1] = (byte) value;
    noted[0] &= ~NEEDED;
  }
}
