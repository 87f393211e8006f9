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
  private static final int MOST_DATAGRAMS = 10_000;

  private final String verb;
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
    this.verb = verb;
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

  /**
   * The one word, the name of another host than {@code host}.
   *
   * @param doing what is done with it, in one word: "reach", "meet"
   * @throws IllegalArgumentException with one line for people
   */
  String other(String host, String doing) {
    if (words.size() != 1) {
      throw new IllegalArgumentException(
          verb + " needs the name of the one host to " + doing + ", as in: run a " + verb + " b");
    }
    if (words.get(0).equals(host)) {
      throw new IllegalArgumentException(verb + " needs two hosts, and " + host + " is one");
    }
    return words.get(0);
  }

  /**
   * How long it may take: {@code --limit}.
   *
   * @param range least and most, as people write them
   * @throws IllegalArgumentException with one line for people
   */
  Duration limit(Duration usual, Duration least, Duration most, String range) {
    Duration limit = duration("--limit", usual);
    if (limit.compareTo(least) < 0 || limit.compareTo(most) > 0) {
      throw new IllegalArgumentException(verb + ": --limit is " + range);
    }
    return limit;
  }

  /**
   * How many datagrams: {@code --count}.
   *
   * @throws IllegalArgumentException with one line for people
   */
  int count(int usual) {
    int count =
        value("--count")
            .map(text -> text.matches("[0-9]{1,5}") ? Integer.parseInt(text) : 0)
            .orElse(usual);
    if (count < 1 || count > MOST_DATAGRAMS) {
      throw new IllegalArgumentException(verb + ": --count is 1 to " + MOST_DATAGRAMS);
    }
    return count;
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
