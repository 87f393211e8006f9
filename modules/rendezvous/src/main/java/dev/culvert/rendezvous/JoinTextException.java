package dev.culvert.rendezvous;

/** Text that names no node, or is no invite; the message is one line for people. */
public final class JoinTextException extends Exception {
  private static final long serialVersionUID = 1L;

  JoinTextException(String message) {
    super(message);
  }
}
