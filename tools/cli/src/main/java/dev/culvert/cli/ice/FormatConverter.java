package dev.culvert.cli.ice;

import java.util.Arrays;
import java.util.Iterator;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads {@code short}, {@code json} and {@code sdp}. */
final class FormatConverter implements ITypeConverter<DescriptionFormat> {

  /** The words, for completion. */
  static final class Words implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return Arrays.stream(DescriptionFormat.values()).map(DescriptionFormat::toString).iterator();
    }
  }

  @Override
  public DescriptionFormat convert(String text) {
    for (DescriptionFormat format : DescriptionFormat.values()) {
      if (format.toString().equals(text.toLowerCase(Locale.ROOT))) {
        return format;
      }
    }
    throw new TypeConversionException(
        "'" + text + "' is none of " + String.join(", ", new Words()));
  }
}
