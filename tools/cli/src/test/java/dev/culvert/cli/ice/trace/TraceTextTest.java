package dev.culvert.cli.ice.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TraceTextTest {
  private static final String BEGIN =
      "{\"at\":0.000,\"kind\":\"begin\",\"schema\":\"culvert.ice-trace/1\"}";

  @Test
  void aLineIsReadAsItWasWritten() throws Exception {
    TraceLine begin = TraceLine.of(0, "begin").with("schema", TraceText.SCHEMA);
    TraceLine line =
        TraceLine.of(12.3456, "check-sent")
            .with("pair", "a\tb\"c\u001b")
            .with("sending", 2)
            .with("roundTripMillis", Optional.empty())
            .with("relayed", true);
    assertEquals(BEGIN, TraceText.write(begin));
    List<TraceLine> read = TraceText.read(List.of(TraceText.write(begin), TraceText.write(line)));
    assertEquals(begin, read.get(0));
    assertEquals(12.346, read.get(1).millis());
    assertEquals("a\tb\"c\u001b", read.get(1).text("pair"));
    assertEquals(Optional.of(2.0), read.get(1).number("sending"));
    assertEquals(Optional.empty(), read.get(1).number("roundTripMillis"));
    assertTrue(read.get(1).is("relayed"));
    assertEquals(1, TraceText.write(line).lines().count());
  }

  @Test
  void kindsAndFieldsThatNobodyKnowsAreNoFault() throws Exception {
    String unknown =
        "{\"at\":1,\"kind\":\"teleported\",\"x\":{\"y\":[1,{}]},\"z\":null,\"to\":\"b\"}";
    List<TraceLine> read = TraceText.read(List.of(BEGIN, "", unknown));
    assertEquals("teleported", read.get(1).kind());
    assertEquals("b", read.get(1).text("to"));
    assertEquals("", read.get(1).text("x"));
  }

  @Test
  void aLastLineThatIsCutOffIsPassedOver() throws Exception {
    String line = TraceText.write(TraceLine.of(5, "state").with("state", "checking"));
    for (int i = 1; i < line.length(); i++) {
      assertEquals(1, TraceText.read(List.of(BEGIN, line.substring(0, i))).size());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "hello",
        "[]",
        "{}",
        "{\"at\":0,\"kind\":\"begin\"}",
        "{\"at\":0,\"kind\":\"begin\",\"schema\":\"culvert.check/1\"}",
        "{\"at\":\"0\",\"kind\":\"begin\",\"schema\":\"culvert.ice-trace/1\"}",
        "{\"at\":0,\"kind\":\"begin\",\"schema\":\"culvert.ice-trace/2\"}"
      })
  void whatIsNoTraceIsRefusedInOneLine(String text) {
    TraceException fault =
        assertThrows(TraceException.class, () -> TraceText.read(text.lines().toList()));
    assertEquals(1, String.valueOf(fault.getMessage()).lines().count());
  }

  @Test
  void aBrokenLineIsToldByItsNumber() {
    TraceException fault =
        assertThrows(
            TraceException.class, () -> TraceText.read(List.of(BEGIN, "\u001b[2Jnoise", BEGIN)));
    assertEquals("line 2 is no line of a trace: ?[2Jnoise", fault.getMessage());
  }
}
