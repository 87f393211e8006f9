package dev.culvert.cli.settings;

import java.util.Locale;

/**
 * Where a value was written.
 *
 * @param kind what kind of place that is
 * @param where the place as people know it: the flag, the variable, {@code FILE:LINE}
 */
public record Origin(Kind kind, String where) {
  /** Nobody wrote it. */
  static final Origin DEFAULT = new Origin(Kind.DEFAULT, "default");

  /** The kinds, the strongest first. */
  public enum Kind {
    /** The command line. */
    FLAG,
    /** The environment. */
    ENVIRONMENT,
    /** The file. */
    FILE,
    /** Nowhere. */
    DEFAULT;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  static Origin flag(String name) {
    return new Origin(Kind.FLAG, name);
  }

  static Origin variable(String name) {
    return new Origin(Kind.ENVIRONMENT, name);
  }

  static Origin line(String file, int line) {
    return new Origin(Kind.FILE, file + ":" + line);
  }
}
