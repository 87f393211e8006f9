package dev.culvert.cli.ice;

import java.util.Iterator;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads the name of an engine. */
final class EngineConverter implements ITypeConverter<String> {

  /** The names, for completion. */
  static final class Words implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return Engines.NAMES.iterator();
    }
  }

  @Override
  public String convert(String text) {
    if (!Engines.NAMES.contains(text)) {
      throw new TypeConversionException(
          "'" + text + "' is none of " + String.join(", ", Engines.NAMES));
    }
    return text;
  }
}
