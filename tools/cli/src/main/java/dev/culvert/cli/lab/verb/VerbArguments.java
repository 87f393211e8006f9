package dev.culvert.cli.lab.verb;

import dev.culvert.cli.DurationConverter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import picocli.CommandLine.TypeConversionException;

/** What a scenario wrote after a verb, sorted into options and words. */
final class VerbArguments {
  private final Map<String, List<String>> options = new HashMap<>();
  private final List<String> words = new ArrayList<>();

  /**
   * Sorts.
   *
   * @param flags options that stand alone
   * @param valued options that a value follows, after a space or '='
   * @throws IllegalArgumentException with one line for people
   */
  VerbArguments(String verb, List<String> arguments, Set<String> flags, Set<String> valued) {
    for (int i = 0; i < arguments.size(); i++) {
      String argument = arguments.get(i);
      int equals = argument.indexOf('=');
      String option = equals > 0 ? argument.substring(0, equals) : argument;
      if (!argument.startsWith("-")) {
        words.add(argument);
      } else if (flags.contains(argument)) {
        put(argument, "");
      } else if (valued.contains(option) && equals > 0) {
        put(option, argument.substring(equals + 1));
      } else if (valued.contains(option) && i + 1 < arguments.size()) {
        put(option, arguments.get(++i));
      } else if (valued.contains(option)) {
        throw new IllegalArgumentException(verb + ": " + option + " needs a value");
      } else {
        Set<String> all = new TreeSet<>(flags);
        all.addAll(valued);
        throw new IllegalArgumentException(
            verb
                + " does not take '"
                + argument
                + "'; "
                + (all.isEmpty() ? "it takes no options" : "it takes " + String.join(", ", all)));
      }
    }
  }

  private void put(String option, String value) {
    options.computeIfAbsent(option, fresh -> new ArrayList<>()).add(value);
  }

  boolean has(String flag) {
    return options.containsKey(flag);
  }

  List<String> values(String option) {
    return options.getOrDefault(option, List.of());
  }

  /** The last value given. */
  Optional<String> value(String option) {
    List<String> all = values(option);
    return all.isEmpty() ? Optional.empty() : Optional.of(all.get(all.size() - 1));
  }

  /** What is no option. */
  List<String> words() {
    return words;
  }

  Duration duration(String option, Duration usual) {
    Optional<String> text = value(option);
    if (text.isEmpty()) {
      return usual;
    }
    try {
      return new DurationConverter().convert(text.get());
    } catch (TypeConversionException e) {
      throw new IllegalArgumentException(option + ": " + e.getMessage(), e);
    }
  }

  /** The same duration as a command line takes it. */
  static String text(Duration duration) {
    return duration.toMillis() + "ms";
  }
}
