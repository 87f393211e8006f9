package dev.culvert.identity;

/** A PEM text that cannot be used; the message names its source, what is wrong and the mend. */
public final class PemException extends Exception {
  private static final long serialVersionUID = 1;

  PemException(String message) {
    super(message);
  }

  PemException(String message, Throwable cause) {
    super(message, cause);
  }
}
