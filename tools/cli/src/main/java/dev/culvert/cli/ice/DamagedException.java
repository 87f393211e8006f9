package dev.culvert.cli.ice;

/** A text is no description; the message is one line for people. */
public final class DamagedException extends Exception {
  private static final long serialVersionUID = 1L;

  /** Tells what is wrong. */
  public DamagedException(String message) {
    super(message);
  }
}
