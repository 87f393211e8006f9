package dev.culvert.lab.spec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LinkSpecTest {

  @Test
  void everyPartIsRead() {
    LinkSpec link =
        LinkSpec.parse(
            "loss:2.5%,duplicate:1%,reorder:3%,delay:50ms,jitter:500us,rate:1.5mbit,mtu:1280");
    assertEquals(Duration.ofMillis(50), link.delay());
    assertEquals(Duration.ofNanos(500_000), link.jitter());
    assertEquals(0.025, link.loss());
    assertEquals(0.01, link.duplication());
    assertEquals(0.03, link.reordering());
    assertEquals(1_500_000, link.bitsPerSecond());
    assertEquals(1280, link.mtu());
    assertTrue(link.impaired());
  }

  @Test
  void whatIsWrittenIsReadAgain() {
    LinkSpec link =
        LinkSpec.parse(
            "delay:1s,jitter:20ms,loss:20%,duplicate:1%,reorder:2%,rate:256kbit,mtu:1400");
    assertEquals(link, LinkSpec.parse(link.toString()));
  }

  @Test
  void smallPacketsAloneNeedNoForwarder() {
    assertFalse(LinkSpec.parse("mtu:1280").impaired());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "delay",
        "delay:",
        "delay:50",
        "delay:-5ms",
        "delay:61s",
        "jitter:5ms",
        "loss:101%",
        "loss:0.2",
        "rate:fast",
        "rate:10",
        "mtu:67",
        "mtu:65536",
        "mtu:1e3",
        "delay:50ms;loss:20%",
        "speed:3",
        "duplicate:101%",
        "delay:5ms,reorder:101%",
        "reorder:2%",
      })
  void whatMakesNoSenseIsRefusedInOneLine(String text) {
    IllegalArgumentException refusal =
        assertThrows(IllegalArgumentException.class, () -> LinkSpec.parse(text));
    String message = String.valueOf(refusal.getMessage());
    assertTrue(message.length() > 10 && message.indexOf('\n') < 0, message);
  }
}
