package dev.culvert.cli.lab;

import dev.culvert.lab.world.WorldKind;
import java.util.Arrays;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads {@code sim} or {@code kernel}. */
public final class WorldConverter implements ITypeConverter<WorldKind> {
  /** A converter; it holds nothing. */
  public WorldConverter() {}

  @Override
  public WorldKind convert(String text) {
    return Arrays.stream(WorldKind.values())
        .filter(kind -> kind.code().equals(text))
        .findFirst()
        .orElseThrow(
            () ->
                new TypeConversionException(
                    "'" + text + "' is no world; there are sim and kernel"));
  }
}
