package dev.culvert.identity;

/** Text that is no peer id; the message is one line for people. */
public final class PeerIdException extends Exception {
  private static final long serialVersionUID = 1L;

  PeerIdException(String message) {
    super(message);
  }
}
