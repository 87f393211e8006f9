package dev.culvert.cli;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The options that every command takes, before or after its name. */
final class CommonOptions {
  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      scope = ScopeType.INHERIT,
      description = "How results are written: ${COMPLETION-CANDIDATES} (default: text).")
  OutputFormat format = OutputFormat.TEXT;

  @Option(
      names = "--color",
      paramLabel = "WHEN",
      scope = ScopeType.INHERIT,
      description =
          "Colour: ${COMPLETION-CANDIDATES} (default: auto, on a terminal unless NO_COLOR is set).")
  ColorChoice color = ColorChoice.AUTO;

  @Option(
      names = {"-q", "--quiet"},
      scope = ScopeType.INHERIT,
      description = "No narration or progress on standard error; faults are still told.")
  boolean quiet;

  @Option(
      names = {"-v", "--verbose"},
      scope = ScopeType.INHERIT,
      description = "Log what happens to standard error; twice: the libraries' logs too.")
  boolean[] verbose = {};

  @Option(
      names = "--redact",
      scope = ScopeType.INHERIT,
      description =
          "Replace IP addresses: the same one by the same token, its kind still to be seen.")
  boolean redact;

  /** Puts the options into force; called once, before the command runs and anything is logged. */
  void applyTo(Console console) {
    console.configure(this);
    if (verbose.length > 0) {
      System.setProperty("org.slf4j.simpleLogger.log.dev.culvert", "debug");
    }
    if (verbose.length > 1) {
      System.setProperty("org.slf4j.simpleLogger.defaultLogLevel", "debug");
    }
    if (verbose.length > 0 && redact) {
      System.setErr(
          new PrintStream(
              new LineOutput(line -> console.tell(line)), true, StandardCharsets.UTF_8));
    }
  }
}
