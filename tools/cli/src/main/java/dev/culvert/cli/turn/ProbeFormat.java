package dev.culvert.cli.turn;

import java.util.Locale;

/** For which monitoring system results are written. */
enum ProbeFormat {
  /** Text that Prometheus reads. */
  PROMETHEUS,
  /** A line and an exit status as of a Nagios plugin. */
  NAGIOS;

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
