package dev.culvert.cli.ice.drive;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Lines of bounded length. Confined to one thread. */
final class OrderLines {
  private final BufferedReader in;

  /**
   * A line.
   *
   * @param text without its end; the beginning alone of one that is too long
   * @param whole whether that is all of it
   */
  record Line(String text, boolean whole) {}

  OrderLines(InputStream in) {
    this.in = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
  }

  /** The next one; empty at the end of the input. */
  Optional<Line> next() throws IOException {
    StringBuilder text = new StringBuilder();
    boolean whole = true;
    int sign = in.read();
    if (sign < 0) {
      return Optional.empty();
    }
    for (; sign >= 0 && sign != '\n'; sign = in.read()) {
      if (text.length() < Order.LONGEST) {
        text.append((char) sign);
      } else {
        whole = false;
      }
    }
    return Optional.of(new Line(text.toString(), whole));
  }
}
