package dev.culvert.cli.ice;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.ice.text.IceDescription;
import dev.culvert.ice.text.IceSdp;
import dev.culvert.ice.text.IceTextException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class PasteTest {
  static final String SDP =
      """
      a=ice-ufrag:abcdefgh
      a=ice-pwd:0123456789abcdefghijklmn
      a=ice-options:ice2 trickle
      a=candidate:1 1 UDP 2130706431 10.0.0.2 40000 typ host
      a=candidate:2 1 UDP 1694498815 203.0.113.7 40000 typ srflx raddr 10.0.0.2 rport 40000
      a=candidate:3 1 UDP 16777215 198.51.100.9 50000 typ relay raddr 0.0.0.0 rport 9
      a=end-of-candidates
      """;

  static IceDescription description() {
    try {
      return IceSdp.parse(SDP);
    } catch (IceTextException e) {
      throw new AssertionError(e);
    }
  }

  @ParameterizedTest
  @EnumSource(DescriptionFormat.class)
  void whatIsWrittenIsReadAgainWithoutBeingToldTheFormat(DescriptionFormat format)
      throws Exception {
    String text = format.write(description());
    assertEquals(description(), Paste.read(text + "\n"));
    assertEquals(description(), pasted(text));
    assertEquals(description(), pasted("\n \n" + text + "\n\n"));
  }

  @Test
  void theShortFormIsOneWordThatATerminalTakesAsALine() {
    String text = DescriptionFormat.SHORT.write(description());
    assertTrue(text.matches("[0-9a-z]+"), text);
    assertTrue(text.length() < 600, text);
  }

  @ParameterizedTest
  @ValueSource(ints = {20, 40, 76})
  void theShortFormMayBeBrokenIntoLines(int width) throws Exception {
    String text = DescriptionFormat.SHORT.write(description());
    assertEquals(description(), pasted(text.replaceAll("(.{" + width + "})", "$1\n")));
    String spoilt =
        "> `" + text.toUpperCase(Locale.ROOT).replaceAll("(.{" + width + "})", "$1\u200b ") + "`";
    assertEquals(description(), pasted(spoilt));
  }

  @Test
  void everyDamageOfTheShortFormIsSeen() {
    String text = DescriptionFormat.SHORT.write(description());
    Random random = new Random(5);
    for (int i = ShortForm.PREFIX.length(); i < text.length(); i++) {
      char[] changed = text.toCharArray();
      changed[i] = changed[i] == 'z' ? 'y' : Character.forDigit(random.nextInt(36), 36);
      String damaged = new String(changed);
      if (!damaged.equals(text)) {
        String what =
            String.valueOf(
                assertThrows(DamagedException.class, () -> Paste.read(damaged)).getMessage());
        assertTrue(what.contains("damaged") || what.contains("cut off"), what);
      }
    }
    for (int i = 1; i < text.length(); i++) {
      String cut = text.substring(0, i);
      assertThrows(DamagedException.class, () -> Paste.read(cut));
    }
  }

  @Test
  void whatIsCutOffWaitsForTheRestUntilAnEmptyLine() throws Exception {
    String text = DescriptionFormat.SHORT.write(description());
    Paste paste = new Paste();
    assertEquals(Optional.empty(), paste.take(text.substring(0, 100)));
    String what =
        String.valueOf(assertThrows(DamagedException.class, () -> paste.take("")).getMessage());
    assertEquals("the description is cut off; copy all of it", what);
    assertEquals(Optional.of(description()), paste.take(text), "it begins anew");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "hello",
        "culvertice",
        "a=ice-ufrag:abcd",
        "{\"ufrag\":\"abcdefgh\"}",
        "{\"ufrag\":\"abcdefgh\",\"pwd\":\"short\"}",
        "{}}",
        "{ nonsense",
        "culvertice1zzz0",
        "culvertice1000",
        "culvertice1001a",
        "culvertice1",
        "v=0\nm=audio 9 RTP/AVP 0"
      })
  void whatIsNoneIsRefusedInOneLine(String text) {
    String what =
        String.valueOf(assertThrows(DamagedException.class, () -> Paste.read(text)).getMessage());
    assertEquals(1, what.lines().count(), what);
    assertTrue(what.contains("description"), what);
  }

  @Test
  void digitsWithoutSenseAreRefused() {
    String digits = "z".repeat(46_000);
    String length = Integer.toString(digits.length(), 36);
    assertThrows(DamagedException.class, () -> Paste.read(ShortForm.PREFIX + length + digits));
  }

  private static IceDescription pasted(String text) throws DamagedException {
    Paste paste = new Paste();
    List<IceDescription> read = new ArrayList<>();
    for (String line : text.split("\n", -1)) {
      paste.take(line).ifPresent(read::add);
    }
    if (read.isEmpty()) {
      read.add(paste.end());
    }
    assertEquals(1, read.size());
    return read.get(0);
  }
}
