package dev.culvert.rendezvous.code;

/** Text that is no code; the message is one line for people. */
public final class CodeException extends Exception {
  private static final long serialVersionUID = 1L;

  CodeException(String message) {
    super(message);
  }
}
