package dev.culvert.cli.turn;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.Locale;

/** How things are said on a line. */
final class Words {
  private static final int LONGEST = 200;

  private Words() {}

  /** A stranger's words on one line, without control characters and of bearable length. */
  static String printable(String text) {
    String clean = text.replaceAll("\\p{Cntrl}+", " ").strip();
    return clean.length() > LONGEST ? clean.substring(0, LONGEST) + "..." : clean;
  }

  static String lower(Enum<?> word) {
    return word.name().toLowerCase(Locale.ROOT);
  }

  static BigDecimal millis(Duration duration) {
    return BigDecimal.valueOf(duration.toNanos(), 6).setScale(1, RoundingMode.HALF_UP);
  }

  static BigDecimal seconds(Duration duration) {
    return BigDecimal.valueOf(duration.toNanos(), 9).setScale(6, RoundingMode.HALF_UP);
  }

  /** With one place after the point. */
  static BigDecimal percent(double value) {
    return BigDecimal.valueOf(value).setScale(1, RoundingMode.HALF_UP);
  }

  /** {@code 12.3 Mbit/s}. */
  static String rate(long bitsPerSecond) {
    return BigDecimal.valueOf(bitsPerSecond, 6).setScale(1, RoundingMode.HALF_UP) + " Mbit/s";
  }

  /** {@code 45 s}, {@code 3 min}, {@code 5 h} or {@code 2 days}, cut off. */
  static String span(Duration duration) {
    if (duration.toSeconds() < 120) {
      return duration.toSeconds() + " s";
    }
    if (duration.toMinutes() < 120) {
      return duration.toMinutes() + " min";
    }
    return duration.toHours() < 48 ? duration.toHours() + " h" : duration.toDays() + " days";
  }
}
