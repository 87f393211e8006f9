package dev.culvert.cli.id;

import dev.culvert.cli.Console;
import dev.culvert.cli.Fault;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Where this peer's key is. */
public final class KeyOption {
  /** The environment variable that names the file. */
  static final String VARIABLE = "CULVERT_KEY";

  @Option(
      names = "--key",
      paramLabel = "FILE",
      description =
          "The file with this peer's key (default: what CULVERT_KEY says, or peer.key in the"
              + " folder culvert of XDG_CONFIG_HOME or ~/.config).")
  private Optional<Path> key = Optional.empty();

  /** The option at its default. */
  public KeyOption() {}

  /** Which file that is, whether there or not. */
  public Path file(Console console) {
    return key.or(() -> named(console)).orElseGet(() -> usual(console));
  }

  private static Optional<Path> named(Console console) {
    return console
        .environment(VARIABLE)
        .filter(text -> !text.isBlank())
        .map(text -> path(text, VARIABLE));
  }

  private static Path usual(Console console) {
    Optional<String> config =
        console.environment("XDG_CONFIG_HOME").filter(text -> text.startsWith("/"));
    Optional<String> home =
        console
            .environment("HOME")
            .or(() -> console.environment("USERPROFILE"))
            .filter(text -> !text.isBlank());
    return config
        .map(text -> path(text, "XDG_CONFIG_HOME"))
        .or(() -> home.map(text -> path(text, "HOME").resolve(".config")))
        .orElseThrow(() -> Fault.usage("nobody says where your files are", "give --key FILE"))
        .resolve("culvert")
        .resolve("peer.key");
  }

  private static Path path(String text, String source) {
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      throw Fault.usage(source + " is no path", "give --key FILE");
    }
  }
}
