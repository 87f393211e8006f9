package dev.culvert.cli.settings;

import static java.util.Locale.ROOT;

import dev.culvert.cli.Console;
import dev.culvert.cli.Suggestions;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;

/** Reads options from the environment: one variable for each, all with the same beginning. */
public final class Variables {
  private final String prefix;
  private final Console console;

  /**
   * The variables that begin with {@code prefix}.
   *
   * @param console has the environment, and is told of variables that look misspelt
   */
  public Variables(String prefix, Console console) {
    this.prefix = prefix;
    this.console = console;
  }

  /** What they say. */
  List<Setting> read(Collection<OptionKey> keys) {
    List<Setting> found = new ArrayList<>();
    for (OptionKey key : keys) {
      String name = key.variable(prefix);
      console.environment(name).ifPresent(text -> found.add(setting(key, name, text)));
    }
    warnOfMisspelt(keys.stream().map(key -> key.variable(prefix)).toList());
    return found;
  }

  /** Others may own variables of this beginning (Kubernetes makes some), so it is no fault. */
  private void warnOfMisspelt(List<String> known) {
    List<String> words =
        known.stream().map(name -> name.substring(prefix.length()).toLowerCase(ROOT)).toList();
    for (String name : console.environment().keySet()) {
      if (name.startsWith(prefix) && !known.contains(name)) {
        Suggestions.nearest(name.substring(prefix.length()), words)
            .ifPresent(
                near ->
                    console.tell(
                        "warning: "
                            + name
                            + " sets nothing; did you mean "
                            + prefix
                            + near.toUpperCase(ROOT)
                            + "?"));
      }
    }
  }

  /** Lines where there are several, so that values may hold commas; else commas divide. */
  private static Setting setting(OptionKey key, String name, String text) {
    Origin origin = Origin.variable(name);
    Stream<String> texts = Stream.of(text);
    if (key.isList()) {
      texts =
          Stream.of(text.split(text.contains("\n") ? "\\R" : ",", -1))
              .map(String::strip)
              .filter(part -> !part.isEmpty());
    }
    return new Setting(
        key, texts.map(part -> new SettingValue(key.argument(part), origin)).toList(), origin);
  }
}
