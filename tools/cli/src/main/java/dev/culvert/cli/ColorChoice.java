package dev.culvert.cli;

import java.util.Locale;

/** When to use colour. */
enum ColorChoice {
  /** On a terminal that wants it. */
  AUTO,
  ALWAYS,
  NEVER;

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
