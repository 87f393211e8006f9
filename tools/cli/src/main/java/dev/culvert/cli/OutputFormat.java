package dev.culvert.cli;

import java.util.Locale;

/** How results are written to standard output. */
public enum OutputFormat {
  /** For people. */
  TEXT,
  /** One JSON object. */
  JSON,
  /** The same object as YAML. */
  YAML;

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
