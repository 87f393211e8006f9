package dev.culvert.cli.ice;

import dev.culvert.ice.IcePolicy;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads {@code direct-only}, {@code prefer-direct} and {@code relay-only}. */
public final class PolicyConverter implements ITypeConverter<IcePolicy> {

  /** A converter; it holds nothing. */
  public PolicyConverter() {}

  /** The words, for completion. */
  public static final class Words implements Iterable<String> {
    /** All of them. */
    public Words() {}

    @Override
    public Iterator<String> iterator() {
      return Arrays.stream(IcePolicy.values()).map(PolicyConverter::word).iterator();
    }
  }

  @Override
  public IcePolicy convert(String text) {
    for (IcePolicy policy : IcePolicy.values()) {
      if (word(policy).equals(text.toLowerCase(Locale.ROOT))) {
        return policy;
      }
    }
    throw new TypeConversionException(
        "'" + text + "' is none of " + String.join(", ", new Words()));
  }

  /** As people write it. */
  public static String word(IcePolicy policy) {
    return policy.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
