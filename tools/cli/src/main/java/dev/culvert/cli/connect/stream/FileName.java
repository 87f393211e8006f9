package dev.culvert.cli.connect.stream;

import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** Names of files as the other side gives them, and as they may stand in a folder. */
final class FileName {
  private static final int MOST_BYTES = 200;
  private static final Pattern DEVICE =
      Pattern.compile("(con|prn|aux|nul|com[0-9]|lpt[0-9])(\\..*)?");

  private FileName() {}

  /**
   * A name that leads nowhere else, hides nothing and can be written on every system; empty if
   * nothing is left of it.
   */
  static Optional<String> safe(String text) {
    String last = text.substring(Math.max(text.lastIndexOf('/'), text.lastIndexOf('\\')) + 1);
    StringBuilder name = new StringBuilder();
    Normalizer.normalize(last, Normalizer.Form.NFC)
        .codePoints()
        .forEach(each -> name.appendCodePoint(isPlain(each) ? each : '_'));
    String plain = name.toString().strip();
    while (plain.getBytes(StandardCharsets.UTF_8).length > MOST_BYTES) {
      plain = plain.substring(0, plain.offsetByCodePoints(plain.length(), -1));
    }
    // A point at the end means nothing to Windows, and one at the beginning hides a file elsewhere.
    plain = plain.replaceAll("[. ]+$", "");
    if (plain.startsWith(".")) {
      plain = "_" + plain.substring(1);
    }
    if (DEVICE.matcher(plain.toLowerCase(Locale.ROOT)).matches()) {
      plain = "_" + plain;
    }
    return plain.isEmpty() ? Optional.empty() : Optional.of(plain);
  }

  private static boolean isPlain(int character) {
    return Words.isSeen(character) && "<>:\"|?*".indexOf(character) < 0;
  }
}
