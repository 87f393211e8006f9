package dev.culvert.cli.node;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads rates such as {@code 10mbit}, as bytes a second; 0 needs no unit. */
final class BandwidthConverter implements ITypeConverter<Long> {
  private static final Pattern FORM = Pattern.compile("([0-9]{1,9})(kbit|mbit|gbit)");

  @Override
  public Long convert(String text) {
    if (text.equals("0")) {
      return 0L;
    }
    Matcher matcher = FORM.matcher(text);
    long number = matcher.matches() ? Long.parseLong(matcher.group(1)) : 0;
    if (number == 0) {
      throw new TypeConversionException(
          "'" + text + "' is no rate; write bits per second as 500kbit, 10mbit or 1gbit, or 0");
    }
    return number
        * switch (matcher.group(2)) {
          case "kbit" -> 125L;
          case "mbit" -> 125_000L;
          default -> 125_000_000L;
        };
  }
}
