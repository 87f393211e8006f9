package dev.culvert.stun;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OpaqueStringTest {

  /** The examples of RFC 8265 §4.3. */
  @ParameterizedTest
  @CsvSource({
    "correct horse battery staple, correct horse battery staple",
    "Correct Horse Battery Staple, Correct Horse Battery Staple",
    "πßå, πßå",
    "Jack of \u2666s, Jack of \u2666s",
    "foo\u1680bar, foo bar",
    // Decomposed comes out composed.
    "e\u0301, \u00e9",
    "\u30de\u30c8\u30ea\u30c3\u30af\u30b9, \u30de\u30c8\u30ea\u30c3\u30af\u30b9",
  })
  void prepares(String text, String prepared) {
    assertEquals(Optional.of(prepared), OpaqueString.enforce(text));
    assertEquals(Optional.of(prepared), OpaqueString.enforce(prepared));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "my cat is a \tby", "a\u0000", "a\u00adb", "a\u200bb", "\ud800"})
  void refuses(String text) {
    assertEquals(Optional.empty(), OpaqueString.enforce(text));
  }

  /** The short way for ASCII must not differ from the long one. */
  @Test
  void takesEachAsciiCharacterAsTheProfileDoes() {
    for (char c = 0; c < 0x80; c++) {
      String text = "a" + c;
      // U+00E9 is composed already; with it the text is not ASCII.
      Optional<String> theLongWay = OpaqueString.enforce("\u00e9" + text).map(s -> s.substring(1));
      assertEquals(theLongWay, OpaqueString.enforce(text), "U+" + Integer.toHexString(c));
    }
  }

  @Test
  void credentialsSayInOneLineWhatIsWrong() {
    assertEquals(
        "the password is empty or holds a control, invisible or unassigned character",
        assertThrows(
                IllegalArgumentException.class,
                () -> new LongTermCredential("user", Vectors.PASSWORD))
            .getMessage());
    assertThrows(
        IllegalArgumentException.class, () -> new LongTermCredential("u".repeat(509), "p"));
    assertEquals("LongTermCredential", new LongTermCredential("user", "secret").toString());
    assertEquals("IntegrityKey", IntegrityKey.shortTerm("secret").toString());
  }
}
