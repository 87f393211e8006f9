package dev.culvert.stun.attribute;

import dev.culvert.sansio.Bytes;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** UTF-8 text in attributes and the limits of RFC 8489 §14.8 to §14.14. */
final class Text {
  static final int MAX_CHARACTERS = 127;

  private Text() {}

  /** Reads what stands from {@code from} on; empty if it is no UTF-8 or too long. */
  static Optional<String> decode(Bytes value, int from) {
    return decodeUnlimited(value.slice(from))
        .filter(text -> text.codePointCount(0, text.length()) <= MAX_CHARACTERS);
  }

  /** Text for people alone: what is no UTF-8 is replaced, what is too long cut off. */
  static String mend(Bytes value) {
    String text = value.utf8();
    return text.codePointCount(0, text.length()) <= MAX_CHARACTERS
        ? text
        : text.substring(0, text.offsetByCodePoints(0, MAX_CHARACTERS));
  }

  static Optional<String> decodeUnlimited(Bytes value) {
    try {
      return Optional.of(
          StandardCharsets.UTF_8.newDecoder().decode(value.asByteBuffer()).toString());
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }

  static void require(String what, String text) {
    requireEncodable(what, text);
    int characters = text.codePointCount(0, text.length());
    if (characters > MAX_CHARACTERS) {
      throw new IllegalArgumentException(
          what + " has fewer than 128 characters, not " + characters);
    }
  }

  static void requireEncodable(String what, String text) {
    if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
      throw new IllegalArgumentException(what + " holds half a surrogate pair");
    }
  }
}
