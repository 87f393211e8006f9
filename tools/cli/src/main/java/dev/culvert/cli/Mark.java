package dev.culvert.cli;

/** A judgement at a glance: a sign and a colour, never the colour alone. */
public enum Mark {
  /** As it should be. */
  GOOD('✓', "ok", "32"),
  /** It works, with limits. */
  FAIR('~', "~", "33"),
  /** It does not work. */
  BAD('✗', "X", "31"),
  /** Not known. */
  UNKNOWN('?', "?", "90");

  private final char sign;
  private final String ascii;
  private final String color;

  Mark(char sign, String ascii, String color) {
    this.sign = sign;
    this.ascii = ascii;
    this.color = color;
  }

  String sign(boolean unicode) {
    return unicode ? String.valueOf(sign) : ascii;
  }

  String color() {
    return color;
  }
}
