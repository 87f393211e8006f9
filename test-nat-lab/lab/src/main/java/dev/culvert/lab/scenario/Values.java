package dev.culvert.lab.scenario;

import dev.culvert.lab.spec.Prefix;
import dev.culvert.sansio.IpLiterals;
import java.math.BigDecimal;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads durations, shares, rates, numbers and addresses. */
final class Values {
  private static final Pattern AMOUNT =
      Pattern.compile("([0-9]{1,9}(?:\\.[0-9]{1,6})?)([a-z%]{1,4})");
  private static final Map<String, Long> TIME_UNITS =
      Map.of(
          "us", 1_000L,
          "ms", 1_000_000L,
          "s", 1_000_000_000L,
          "m", 60_000_000_000L,
          "h", 3_600_000_000_000L);
  private static final Map<String, Long> RATE_UNITS =
      Map.of("kbit", 1_000L, "mbit", 1_000_000L, "gbit", 1_000_000_000L);
  private static final Duration LONGEST = Duration.ofHours(24);

  private Values() {}

  static Duration duration(Cursor line, String example) {
    return duration(line, example, LONGEST.toSeconds());
  }

  static Duration duration(Cursor line, String example, long mostSeconds) {
    return duration(line.next("a duration like " + example), example, mostSeconds);
  }

  static Duration duration(Word word, String example, long mostSeconds) {
    long nanos = amount(word, TIME_UNITS, "a duration like " + example, Long.MAX_VALUE);
    Duration duration = Duration.ofNanos(nanos);
    if (duration.compareTo(Duration.ofSeconds(mostSeconds)) > 0) {
      throw LineFault.expecting(word, List.of("a duration of at most " + mostSeconds + "s"));
    }
    return duration;
  }

  /** A share of packets, 0% to 100%. */
  static Word share(Cursor line) {
    String expected = "a share like 20%";
    Word word = line.next(expected);
    amount(word, Map.of("%", 10_000L), expected, 1_000_000);
    return word;
  }

  /** An amount per second. */
  static Word rate(Cursor line) {
    String expected = "a rate like 10mbit";
    Word word = line.next(expected);
    amount(word, RATE_UNITS, expected, Long.MAX_VALUE);
    return word;
  }

  static int integer(Cursor line, String what, int least, int most) {
    return (int) number(line, what, least, most);
  }

  static long number(Cursor line, String what, long least, long most) {
    String expected = what + " from " + least + " to " + most;
    return number(line.next(expected), expected, least, most);
  }

  private static long number(Word word, String expected, long least, long most) {
    if (!word.text().matches("-?[0-9]{1,18}")) {
      throw LineFault.expecting(word, List.of(expected));
    }
    long value = Long.parseLong(word.text());
    if (value < least || value > most) {
      throw LineFault.expecting(word, List.of(expected));
    }
    return value;
  }

  /** Two ports like 40000-40999, the lower one first. */
  static int[] portRange(Word word) {
    String expected = "ports like 40000-40999";
    int hyphen = word.text().indexOf('-', 1);
    if (hyphen < 0) {
      throw LineFault.expecting(word, List.of(expected));
    }
    long first = number(word.part(0, hyphen), expected, 1, 65535);
    Word upper = word.part(hyphen + 1, word.text().length());
    return new int[] {(int) first, (int) number(upper, expected, first, 65535)};
  }

  static InetAddress address(Word word) {
    return IpLiterals.parse(word.text())
        .orElseThrow(
            () -> LineFault.expecting(word, List.of("an address like 203.0.113.7 or 2001:db8::7")));
  }

  static boolean isAddress(String text) {
    return IpLiterals.parse(text).isPresent();
  }

  static Prefix prefix(Cursor line, String example) {
    Word word = line.next("a range like " + example);
    try {
      return Prefix.parse(word.text());
    } catch (IllegalArgumentException e) {
      throw LineFault.expecting(word, List.of("a range like " + example));
    }
  }

  private static long amount(Word word, Map<String, Long> units, String expected, long most) {
    Matcher matcher = AMOUNT.matcher(word.text().toLowerCase(Locale.ROOT));
    if (!matcher.matches() || !units.containsKey(matcher.group(2))) {
      throw LineFault.expecting(word, List.of(expected));
    }
    long unit = units.getOrDefault(matcher.group(2), 1L);
    BigDecimal value = new BigDecimal(matcher.group(1)).multiply(BigDecimal.valueOf(unit));
    if (value.compareTo(BigDecimal.valueOf(most)) > 0) {
      throw LineFault.expecting(word, List.of(expected));
    }
    return value.longValue();
  }
}
