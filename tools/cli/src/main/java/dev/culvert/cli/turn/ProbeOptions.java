package dev.culvert.cli.turn;

import dev.culvert.cli.Fault;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How monitoring systems are told. */
final class ProbeOptions {
  @Option(
      names = "--probe",
      paramLabel = "FORMAT",
      description =
          "Write for a monitoring system: prometheus, text for the textfile collector of"
              + " node_exporter; nagios, one line with numbers and a plugin's exit status, 0 OK, 1"
              + " WARNING, 2 CRITICAL, 3 UNKNOWN, in place of those below.")
  private @Nullable String format;

  @Option(
      names = "--warning",
      paramLabel = "TIME,LOSS%",
      description = "Warn if the slowest median round trip or the worst loss is past it (nagios).")
  private @Nullable String warning;

  @Option(
      names = "--critical",
      paramLabel = "TIME,LOSS%",
      description = "The same for CRITICAL (nagios).")
  private @Nullable String critical;

  /**
   * The format; empty if none is asked for.
   *
   * @throws Fault if there is no such format
   */
  Optional<ProbeFormat> format() {
    if (format == null) {
      return Optional.empty();
    }
    for (ProbeFormat known : ProbeFormat.values()) {
      if (known.toString().equals(format.toLowerCase(Locale.ROOT))) {
        return Optional.of(known);
      }
    }
    throw Fault.usage("there is no probe '" + format + "'", "choose prometheus or nagios");
  }

  Threshold warning() {
    return threshold("--warning", warning);
  }

  Threshold critical() {
    return threshold("--critical", critical);
  }

  private static Threshold threshold(String option, @Nullable String text) {
    return text == null ? Threshold.NONE : Threshold.parse(option, text);
  }
}
