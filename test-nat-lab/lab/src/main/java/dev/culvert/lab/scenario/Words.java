package dev.culvert.lab.scenario;

import java.util.ArrayList;
import java.util.List;

/** Cuts a line into words. A word that begins with # begins a comment. */
final class Words {
  private static final char QUOTE = '"';

  private final String line;
  private int at;

  private Words(String line) {
    this.line = line;
  }

  static List<Word> of(String line) {
    return new Words(line).all();
  }

  private List<Word> all() {
    List<Word> words = new ArrayList<>();
    while (true) {
      while (at < line.length() && isBlank(line.charAt(at))) {
        at++;
      }
      if (at >= line.length() || line.charAt(at) == '#') {
        return words;
      }
      words.add(line.charAt(at) == QUOTE ? quoted() : plain());
    }
  }

  private Word plain() {
    int start = at;
    while (at < line.length() && !isBlank(line.charAt(at))) {
      refuseControl();
      at++;
    }
    return new Word(line.substring(start, at), start + 1, at + 1, false);
  }

  private Word quoted() {
    int start = at++;
    StringBuilder text = new StringBuilder();
    while (at < line.length() && line.charAt(at) != QUOTE) {
      refuseControl();
      boolean escapes = line.charAt(at) == '\\' && at + 1 < line.length();
      at += escapes ? 1 : 0;
      text.append(line.charAt(at++));
    }
    if (at >= line.length()) {
      throw LineFault.saying(start + 1, "this quotation does not end");
    }
    at++;
    if (at < line.length() && !isBlank(line.charAt(at))) {
      throw LineFault.saying(at + 1, "expected a space after the quotation");
    }
    return new Word(text.toString(), start + 1, at + 1, true);
  }

  private void refuseControl() {
    if (Character.isISOControl(line.charAt(at)) && line.charAt(at) != '\t') {
      throw LineFault.saying(at + 1, "a control character, code " + (int) line.charAt(at));
    }
  }

  private static boolean isBlank(char c) {
    return c == ' ' || c == '\t';
  }
}
