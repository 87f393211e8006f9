package dev.culvert.cli;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * Reads durations such as {@code 3}, {@code 1.5s}, {@code 500ms}, {@code 2m}, {@code 7d}; more than
 * zero.
 */
public final class DurationConverter implements ITypeConverter<Duration> {
  private static final Pattern FORM =
      Pattern.compile("([0-9]{1,9}(?:\\.[0-9]{1,3})?)(ms|s|m|h|d)?");

  /** A converter; it holds nothing. */
  public DurationConverter() {}

  @Override
  public Duration convert(String text) {
    Matcher matcher = FORM.matcher(text.strip());
    if (!matcher.matches()) {
      throw new TypeConversionException(
          "'" + text + "' is no duration; write seconds, or 500ms, 2m, 1h, 7d");
    }
    String unit = matcher.group(2) == null ? "s" : matcher.group(2);
    double millis =
        Double.parseDouble(matcher.group(1))
            * switch (unit) {
              case "ms" -> 1;
              case "m" -> 60_000;
              case "h" -> 3_600_000;
              case "d" -> 86_400_000;
              default -> 1000;
            };
    if (millis < 1) {
      throw new TypeConversionException("'" + text + "' is no time at all; write more than zero");
    }
    return Duration.ofMillis((long) millis);
  }
}
