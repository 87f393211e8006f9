package dev.culvert.cli;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads one of several words, and names them all where it is given another. */
final class WordConverter<E> implements ITypeConverter<E> {
  private final List<E> values;

  WordConverter(E[] values) {
    this.values = List.of(values);
  }

  @Override
  public E convert(String text) {
    for (E value : values) {
      if (value.toString().equals(text.toLowerCase(Locale.ROOT))) {
        return value;
      }
    }
    String words = values.stream().map(E::toString).collect(Collectors.joining(", "));
    throw new TypeConversionException("'" + text + "' is none of " + words);
  }
}
