package dev.culvert.cli.connect.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class PurposeTest {
  private static final String HASH = "0123456789abcdef".repeat(4);

  /** Whoever is asked says yes; what was asked stays to be read. */
  private static final class Agreeing implements TwoWay {
    final ByteArrayOutputStream asked = new ByteArrayOutputStream();

    @Override
    public InputStream input() {
      return framed("{\"ok\":true}");
    }

    @Override
    public OutputStream output() {
      return asked;
    }

    @Override
    public void close() {}
  }

  private static InputStream framed(String json) {
    byte[] text = json.getBytes(StandardCharsets.UTF_8);
    byte[] all = new byte[2 + text.length];
    all[0] = (byte) (text.length >> 8);
    all[1] = (byte) text.length;
    System.arraycopy(text, 0, all, 2, text.length);
    return new ByteArrayInputStream(all);
  }

  static Stream<Purpose> all() {
    return Stream.of(
        new Purpose.Pipe(),
        new Purpose.Done(),
        new Purpose.Sink(),
        new Purpose.Source(Duration.ofMillis(1500)),
        new Purpose.Forward(new Target(false, "localhost", 80)),
        new Purpose.Forward(new Target(true, "2001:db8::1", 53)),
        new Purpose.Forward(new Target(true, "localhost", 53), Optional.of(7)),
        new Purpose.File("a \"file\" \u00fc", 1L << 40, HASH));
  }

  @ParameterizedTest
  @MethodSource("all")
  void whatIsAskedIsReadOverThere(Purpose purpose) throws IOException {
    Agreeing stream = new Agreeing();
    purpose.ask(stream);
    assertEquals(purpose, Purpose.read(new ByteArrayInputStream(stream.asked.toByteArray())));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '#',
      value = {
        "is none | nonsense",
        "is none | [1]",
        "is none | {\"v\":1,\"v\":1,\"use\":\"pipe\"}",
        "is none | {\"v\":99999999999999999999,\"use\":\"pipe\"}",
        "follows | {\"v\":1,\"use\":\"pipe\"} {}",
        "version ? | {\"use\":\"pipe\"}",
        "version 2 | {\"v\":2,\"use\":\"pipe\"}",
        "no stream is for 'x?[31m' | {\"v\":1,\"use\":\"x\\u001b[31m\"}",
        "no HOST:PORT | {\"v\":1,\"use\":\"tcp\"}",
        "out of range | {\"v\":1,\"use\":\"udp\",\"target\":\"a:65536\"}",
        "size and a SHA-256 |"
            + " {\"v\":1,\"use\":\"file\",\"name\":\"a\",\"size\":1,\"sha256\":\"zz\"}",
        "size and a SHA-256 | {\"v\":1,\"use\":\"file\",\"name\":\"a\",\"size\":-1}",
        "flows for | {\"v\":1,\"use\":\"source\",\"millis\":60001}",
      })
  void nonsenseIsRefused(String said, String json) {
    StreamFault fault = assertThrows(StreamFault.class, () -> Purpose.read(framed(json)));
    assertTrue(String.valueOf(fault.getMessage()).contains(said), fault.getMessage());
    assertFalse(fault.isRefusal());
  }

  @Test
  void laterVersionsMayAddFields() throws IOException {
    String json = "{\"v\":1,\"later\":{\"a\":[1,{}]},\"use\":\"sink\",\"half\":0.5,\"no\":null}";
    assertEquals(new Purpose.Sink(), Purpose.read(framed(json)));
  }

  @Test
  void aRefusalComesWithItsReasonAndNothingThatMovesACursor() {
    InputStream answer = framed("{\"ok\":false,\"reason\":\"not \\u001b[2J\\u202eyou\"}");
    StreamFault fault = assertThrows(StreamFault.class, () -> Purpose.answer(answer));
    assertEquals("the other side says: not ?[2J?you", fault.getMessage());
    assertTrue(fault.isRefusal());
  }

  @Test
  void aMessageHasABound() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    String longest = "x".repeat(Message.LONGEST - "{\"a\":\"\"}".length());
    Message.empty().with("a", longest).write(out);
    assertEquals(
        longest, Message.read(new ByteArrayInputStream(out.toByteArray())).text("a").orElseThrow());
    assertThrows(StreamFault.class, () -> Message.empty().with("a", longest + "x").write(out));
    InputStream tooLong = new ByteArrayInputStream(new byte[] {0x10, 0x01, '{'});
    assertThrows(StreamFault.class, () -> Message.read(tooLong));
    InputStream cut = new ByteArrayInputStream(new byte[] {0});
    assertThrows(EOFException.class, () -> Message.read(cut));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "80", "a b:80", "a:", "a:0", "a:70000", "::1:80", "[x]:80", "a:1:2"})
  void whatIsNoTargetIsRefused(String text) {
    assertThrows(IllegalArgumentException.class, () -> Target.parse(false, text));
  }

  @Test
  void aTargetIsTheSameInLettersOfEitherCase() {
    assertEquals(Target.parse(false, "[2001:DB8::1]:80"), new Target(false, "2001:db8::1", 80));
    assertEquals("udp:[2001:db8::1]:80", Target.parse(true, "[2001:DB8::1]:80").toString());
    assertEquals(
        Target.parse(false, "Some-Host.example:1"), Target.parse(false, "some-host.EXAMPLE:1"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      ignoreLeadingAndTrailingWhitespace = false,
      value = {
        "a.txt|a.txt",
        "../../etc/passwd|passwd",
        "/etc/shadow|shadow",
        "C:\\windows\\win.ini|win.ini",
        ".bashrc|_bashrc",
        "..\\.ssh|_ssh",
        "con.txt|_con.txt",
        "a:b?.txt|a_b_.txt",
        "ev\u202egpj.exe|ev_gpj.exe",
        "tab\u0007\u0000|tab__",
        "end. . |end",
        "u\u0308ber|\u00fcber",
      })
  void namesLeadNowhereElse(String said, String kept) {
    assertEquals(kept, FileName.safe(said).orElseThrow());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "/", "..", ". .", "a/", "\\"})
  void someNamesAreNone(String said) {
    assertTrue(FileName.safe(said).isEmpty(), () -> FileName.safe(said).orElseThrow());
  }

  @Test
  void longNamesAreCutBetweenLetters() {
    String kept = FileName.safe("\ud83d\ude00".repeat(100)).orElseThrow();
    assertEquals("\ud83d\ude00".repeat(50), kept);
  }
}
