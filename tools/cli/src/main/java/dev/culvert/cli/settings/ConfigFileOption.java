package dev.culvert.cli.settings;

import dev.culvert.cli.Console;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;

/** The option {@code --config}, a mixin; it names the file, so no file can hold it. */
public final class ConfigFileOption {
  private static final String NAME = "--config";
  private static final String VARIABLE = "CULVERT_CONFIG";

  @Option(
      names = NAME,
      paramLabel = "FILE",
      description =
          "YAML file with the options: each key is a flag without its dashes. A flag rules over its"
              + " variable (CULVERT_NODE_RELAY_PORTS is --relay-ports; several values on lines, or"
              + " between commas), and that over the file (default: what the environment variable"
              + " CULVERT_CONFIG names, if it is set).")
  Optional<Path> file = Optional.empty();

  /** The option, not given so far. */
  public ConfigFileOption() {}

  static boolean is(OptionSpec option) {
    return option.longestName().equals(NAME);
  }

  /** The file, if one is named after one of these commands or in the environment. */
  static Optional<Path> file(List<CommandSpec> commands, Console console) {
    return commands.stream()
        .flatMap(command -> command.commandLine().getParseResult().matchedOptions().stream())
        .filter(ConfigFileOption::is)
        .flatMap(option -> option.originalStringValues().stream())
        .reduce((above, below) -> below)
        .or(() -> console.environment(VARIABLE))
        .map(Path::of);
  }
}
