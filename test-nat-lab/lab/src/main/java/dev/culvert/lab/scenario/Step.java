package dev.culvert.lab.scenario;

/** One thing that is done or expected; immutable. */
public final class Step {
  private final int line;
  private final String text;
  private final Action action;

  Step(int line, String text, Action action) {
    this.line = line;
    this.text = text;
    this.action = action;
  }

  /** Its line in the file, from 1. */
  public int line() {
    return line;
  }

  /** As it was written, without comments. */
  public String text() {
    return text;
  }

  Action action() {
    return action;
  }

  @Override
  public String toString() {
    return line + ": " + text;
  }
}
