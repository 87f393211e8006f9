package dev.culvert.stun;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.culvert.sansio.Bytes;
import java.util.ArrayList;
import java.util.List;

class StreamFramingFuzzTest {
  private static final int LIMIT = 2048;

  /**
   * A stream is cut into the same messages however its pieces fall; the first byte is their size.
   */
  @FuzzTest(maxDuration = "25s")
  void cuts(byte[] data) {
    if (data.length == 0) {
      return;
    }
    Bytes stream = Bytes.copyOf(data).slice(1);
    boolean channelData = data[0] < 0;
    int size = 1 + (data[0] & 0x7f);
    StreamFraming whole = new StreamFraming(channelData, LIMIT);
    List<Bytes> expected = whole.feed(stream);
    StreamFraming pieces = new StreamFraming(channelData, LIMIT);
    List<Bytes> found = new ArrayList<>();
    for (int at = 0; at < stream.length(); at += size) {
      found.addAll(pieces.feed(stream.slice(at, Math.min(at + size, stream.length()))));
    }
    assertEquals(expected, found);
    assertEquals(whole.fault(), pieces.fault());
    assertEquals(whole.isAtBoundary(), pieces.isAtBoundary());
    for (Bytes message : found) {
      assertTrue(message.length() <= LIMIT && message.length() >= 4, message.toString());
    }
  }
}
