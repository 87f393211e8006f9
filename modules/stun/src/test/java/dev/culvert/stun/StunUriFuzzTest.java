package dev.culvert.stun;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.Random;

class StunUriFuzzTest {

  /** Either a URI that is read again from its own text, or one line that says why not. */
  @FuzzTest(maxDuration = "25s")
  void parses(byte[] data) {
    String text = new String(data, StandardCharsets.UTF_8);
    StunUri uri;
    try {
      uri = StunUri.parse(text);
    } catch (IllegalArgumentException e) {
      String message = String.valueOf(e.getMessage());
      assertTrue(message.contains(" is no STUN or TURN URI: "), message);
      assertTrue(message.lines().count() == 1 && message.length() < 250, message);
      return;
    }
    assertEquals(uri, StunUri.parse(uri.toString()));
    ServerLookup lookup = new ServerLookup(uri, new Random(0), () -> 0);
    assertEquals(uri.isLiteral(), lookup.result().isPresent());
  }
}
