package dev.culvert.transport.http.wire;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * What a request is for (RFC 9112 §3.2), in its origin form or its absolute one.
 *
 * @param path percent-decoded
 * @param query as it came
 */
record Target(String path, String query) {
  /** Empty: no server of this kind has such a thing. */
  static Optional<Target> parse(String text) {
    String rest = text;
    if (!rest.startsWith("/")) {
      int scheme = rest.indexOf("://");
      if (scheme < 0 || !rest.substring(0, scheme).matches("(?i)https?")) {
        return Optional.empty();
      }
      int begin = scheme + 3;
      while (begin < rest.length() && "/?".indexOf(rest.charAt(begin)) < 0) {
        begin++;
      }
      rest = rest.substring(begin);
      rest = rest.startsWith("/") ? rest : "/" + rest;
    }
    int mark = rest.indexOf('?');
    String query = mark < 0 ? "" : rest.substring(mark + 1);
    return decode(mark < 0 ? rest : rest.substring(0, mark)).map(path -> new Target(path, query));
  }

  private static Optional<String> decode(String path) {
    byte[] decoded = new byte[path.length()];
    int length = 0;
    for (int i = 0; i < path.length(); i++) {
      int each = path.charAt(i);
      if (each == '%') {
        int high = i + 2 < path.length() ? Character.digit(path.charAt(i + 1), 16) : -1;
        int low = high < 0 ? -1 : Character.digit(path.charAt(i + 2), 16);
        if (low < 0) {
          return Optional.empty();
        }
        each = (high << 4) | low;
        i += 2;
      } else if (each > 0x7e) {
        return Optional.empty();
      }
      if (each < 0x20 || each == 0x7f) {
        return Optional.empty();
      }
      decoded[length++] = (byte) each;
    }
    try {
      return Optional.of(
          StandardCharsets.UTF_8
              .newDecoder()
              .decode(ByteBuffer.wrap(decoded, 0, length))
              .toString());
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }
}
