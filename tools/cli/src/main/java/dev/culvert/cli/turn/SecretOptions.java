package dev.culvert.cli.turn;

import dev.culvert.cli.Console;
import dev.culvert.cli.Fault;
import dev.culvert.turn.auth.SecretLines;
import dev.culvert.turn.auth.SecretLinesException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The secret that is shared with the relay. */
final class SecretOptions {
  /** The one that {@code culvert node} reads, too. */
  static final String VARIABLE = "CULVERT_AUTH_SECRET";

  @Option(
      names = "--secret",
      paramLabel = "SECRET",
      description =
          "The secret shared with the relay. Whoever can list processes sees it: prefer a file, or"
              + " the environment variable "
              + VARIABLE
              + ".")
  private @Nullable String secret;

  @Option(
      names = "--secret-file",
      paramLabel = "FILE",
      description = "File with such a secret on each line; the first one is used.")
  private @Nullable Path file;

  /** Whether an option names one. */
  boolean isGiven() {
    return secret != null || file != null;
  }

  /**
   * The secret, from an option or the environment.
   *
   * @throws Fault if two are given, or what is given is none
   */
  Optional<String> secret(Console console) {
    if (secret != null && file != null) {
      throw Fault.usage("--secret and --secret-file are both given", "leave one of them out");
    }
    if (secret != null) {
      if (secret.isEmpty()) {
        throw Fault.usage("--secret is empty", "give the relay's secret");
      }
      return Optional.of(secret);
    }
    if (file != null) {
      return Optional.of(first(text(file), "--secret-file " + file));
    }
    return console.environment(VARIABLE).map(text -> first(text, VARIABLE));
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw Fault.usage(
          "--secret-file " + file + " cannot be read", "check its name and who may read it");
    }
  }

  private static String first(String text, String source) {
    try {
      return SecretLines.secrets(text, source).get(0);
    } catch (SecretLinesException e) {
      throw Fault.usage(e.fault(), e.mend());
    }
  }
}
