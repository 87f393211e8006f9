package dev.culvert.session;

/** Names of interfaces in which {@code *} stands for any characters and {@code ?} for one. */
final class InterfacePattern {
  private InterfacePattern() {}

  /** Whether the pattern fits every name, so that it says nothing about any. */
  static boolean isAny(String pattern) {
    return pattern.chars().allMatch(character -> character == '*');
  }

  static boolean matches(String pattern, String name) {
    int star = -1;
    int mark = 0;
    int at = 0;
    int in = 0;
    while (in < name.length()) {
      if (at < pattern.length() && pattern.charAt(at) == '*') {
        star = at;
        at++;
        mark = in;
      } else if (at < pattern.length()
          && (pattern.charAt(at) == '?' || pattern.charAt(at) == name.charAt(in))) {
        at++;
        in++;
      } else if (star >= 0) {
        // The last star takes one character more.
        at = star + 1;
        mark++;
        in = mark;
      } else {
        return false;
      }
    }
    return isAny(pattern.substring(at));
  }
}
