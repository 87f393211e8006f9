package dev.culvert.ice.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;

class IceTextFuzzTest {

  /** Either one line that says why not, or a description that both forms can say. */
  @FuzzTest(maxDuration = "25s")
  void parses(byte[] data) throws IceTextException {
    String text = new String(data, StandardCharsets.UTF_8);
    IceDescription description;
    try {
      description = text.startsWith("{") ? IceJson.parse(text) : IceSdp.parse(text);
    } catch (IceTextException e) {
      String message = String.valueOf(e.getMessage());
      assertTrue(message.lines().count() == 1 && message.length() < 300, message);
      return;
    }
    assertEquals(description, IceJson.parse(IceJson.format(description)));
    String sdp = String.join("\r\n", IceSdp.lines(description, 0));
    IceDescription again = IceSdp.parse(sdp);
    assertEquals(sdp, String.join("\r\n", IceSdp.lines(again, 0)));
  }
}
