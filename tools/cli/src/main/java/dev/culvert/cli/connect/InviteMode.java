package dev.culvert.cli.connect;

import java.util.Arrays;
import java.util.Iterator;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Whom an invite of this run is for. */
enum InviteMode {
  /** The first who shows it, who may come again. */
  ONCE,
  /** Whoever shows it. */
  MANY,
  /** There is none. */
  NONE;

  /** Reads the words. */
  static final class Converter implements ITypeConverter<InviteMode> {
    @Override
    public InviteMode convert(String text) {
      return Arrays.stream(values())
          .filter(each -> each.word().equals(text.toLowerCase(Locale.ROOT)))
          .findFirst()
          .orElseThrow(
              () ->
                  new TypeConversionException(
                      "'" + text + "' is none of " + String.join(", ", new Words())));
    }
  }

  /** The words, for completion. */
  static final class Words implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return Arrays.stream(values()).map(InviteMode::word).iterator();
    }
  }

  private String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
