package dev.culvert.stun;

import java.util.Optional;
import rocks.xmpp.precis.PrecisProfiles;

/**
 * The form in which user names, realms and passwords are compared and hashed: the OpaqueString
 * profile of PRECIS (RFC 8265 §4.2).
 */
public final class OpaqueString {
  private OpaqueString() {}

  /**
   * Prepares {@code text}: other spaces become U+0020, and all is brought to Unicode normalization
   * form C.
   *
   * @return empty if it is empty or holds a code point that the profile forbids, such as a control
   *     or an invisible character
   */
  public static Optional<String> enforce(String text) {
    if (isPrintableAscii(text)) {
      return Optional.of(text);
    }
    try {
      String enforced = PrecisProfiles.OPAQUE_STRING.enforce(text);
      return enforced.isEmpty() ? Optional.empty() : Optional.of(enforced);
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** Almost all text is, none of it is changed or forbidden, and a server asks for each request. */
  private static boolean isPrintableAscii(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) < ' ' || text.charAt(i) > '~') {
        return false;
      }
    }
    return !text.isEmpty();
  }

  static String require(String what, String text) {
    return enforce(text)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    what + " is empty or holds a control, invisible or unassigned character"));
  }
}
