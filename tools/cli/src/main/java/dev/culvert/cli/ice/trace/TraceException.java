package dev.culvert.cli.ice.trace;

/** A text is no trace; the message is one line for people. */
public final class TraceException extends Exception {
  private static final long serialVersionUID = 1L;

  TraceException(String message) {
    super(message);
  }
}
