package dev.culvert.cli.settings;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import picocli.CommandLine.Model.OptionSpec;

/**
 * An option as files and the environment name it: {@code --relay-ports} is the key {@code
 * relay-ports} and the variable {@code CULVERT_NODE_RELAY_PORTS}.
 *
 * @param option the option
 */
record OptionKey(OptionSpec option) {
  private static final Pattern SECRET = Pattern.compile("PASSWORD|SECRET|TOKEN");
  private static final Pattern YES = Pattern.compile("yes|on|true", Pattern.CASE_INSENSITIVE);
  private static final Pattern NO = Pattern.compile("no|off|false", Pattern.CASE_INSENSITIVE);

  /** The name in a file. */
  String name() {
    return option.longestName().replaceFirst("^-+", "");
  }

  /** The name in the environment, after the command's prefix. */
  String variable(String prefix) {
    return prefix + name().toUpperCase(Locale.ROOT).replace('-', '_');
  }

  /** Whether it may have several values. */
  boolean isList() {
    return option.isMultiValue();
  }

  boolean isBoolean() {
    return isOf(boolean.class, Boolean.class);
  }

  /** Whether its values name files. */
  boolean isPath() {
    return isOf(Path.class);
  }

  /** Whether nobody should see its values, as its label tells. */
  boolean isSecret() {
    return SECRET.matcher(option.paramLabel()).find();
  }

  /** What would stand after the flag for {@code text} of a file or the environment. */
  String argument(String text) {
    if (isBoolean() && YES.matcher(text).matches()) {
      return "true";
    }
    return isBoolean() && NO.matcher(text).matches() ? "false" : text;
  }

  /** A value that anybody may see; of {@code NAME:PASSWORD} the name is shown. */
  String shown(String text) {
    if (!isSecret()) {
      return text;
    }
    int colon = option.paramLabel().indexOf(':') < 0 ? -1 : text.indexOf(':');
    return text.substring(0, colon + 1) + "****";
  }

  /** What was given for it on the command line; for a flag without a value what it stands for. */
  List<String> given() {
    if (!option.originalStringValues().isEmpty()) {
      return option.originalStringValues();
    }
    // Options of the commands above do not tell how they were written.
    Object value = option.getValue();
    if (value instanceof boolean[] flags) {
      return Collections.nCopies(flags.length, "true");
    }
    return value == null ? List.of() : List.of(value.toString());
  }

  /** The flag as it was written with this value. */
  Origin flag(String text) {
    boolean negated = option.negatable() && text.equals("false");
    return Origin.flag(negated ? "--no-" + name() : option.longestName());
  }

  /** What holds if nobody sets it; empty for lists and for what is not set then. */
  Optional<String> standard() {
    if (option.defaultValue() != null) {
      return Optional.of(option.defaultValue());
    }
    Object value = option.initialValue();
    if (value == null || isList() || value instanceof Optional) {
      return Optional.empty();
    }
    return Optional.of(value instanceof Duration time ? shown(time) : value.toString());
  }

  private static String shown(Duration time) {
    return time.toMillis() % 1000 == 0 ? time.toSeconds() + "s" : time.toMillis() + "ms";
  }

  private boolean isOf(Class<?>... types) {
    return Arrays.asList(types).contains(option.type())
        || Arrays.stream(option.auxiliaryTypes()).anyMatch(Arrays.asList(types)::contains);
  }
}
