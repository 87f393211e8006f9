package dev.culvert.lab.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Instant;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class PcapFileTest {
  private static final HexFormat HEX = HexFormat.of();

  /** UDP from 192.168.1.2 port 1000 to 192.168.1.3 port 2000 with the payload "abc". */
  private static final String BEFORE_CHECKSUM =
      "020000000001020000000002" + "0800" + "4500001f00004000401100" + "00";

  private static byte[] noted(boolean unfinished, String checksum) {
    byte[] frame =
        HEX.parseHex(BEFORE_CHECKSUM + "c0a80102c0a80103" + "03e807d0000b" + checksum + "616263");
    ByteBuffer all = ByteBuffer.allocate(PacketSocket.NOTE + frame.length);
    all.order(ByteOrder.nativeOrder());
    all.put((byte) (unfinished ? 1 : 0)).put((byte) 0).putShort((short) 0).putShort((short) 0);
    all.putShort((short) 34).putShort((short) 6).put(frame);
    return all.array();
  }

  @Test
  void aChecksumThatTheKernelLeftOpenIsFinished() {
    // The sum of the pseudo header, as the kernel leaves it: addresses, protocol and length.
    byte[] frame = noted(true, "8372");
    Checksum.finish(frame);
    int sum = 0x8372 + 0x03e8 + 0x07d0 + 0x000b + 0x6162 + 0x6300;
    int folded = (sum & 0xffff) + (sum >> 16);
    byte[] expected = noted(false, HEX.toHexDigits((short) ~folded));
    assertEquals(HEX.formatHex(expected), HEX.formatHex(frame));
    Checksum.finish(frame);
    assertEquals(HEX.formatHex(expected), HEX.formatHex(frame), "a finished one stays");
  }

  @Test
  void eachFrameIsARecord() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (PcapFile file = new PcapFile(bytes)) {
      file.add(Instant.ofEpochSecond(0x11223344, 5_000), noted(false, "0000"));
    }
    assertEquals(
        "a1b2c3d4"
            + "00020004"
            + "00000000"
            + "00000000"
            + "00040000"
            + "00000001"
            + "11223344"
            + "00000005"
            + "0000002d"
            + "0000002d"
            + BEFORE_CHECKSUM
            + "c0a80102c0a80103"
            + "03e807d0000b"
            + "0000"
            + "616263",
        HEX.formatHex(bytes.toByteArray()));
  }
}
