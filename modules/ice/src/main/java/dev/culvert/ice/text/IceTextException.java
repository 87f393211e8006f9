package dev.culvert.ice.text;

/** A description cannot be read; the message is one line for people and says where. */
public final class IceTextException extends Exception {
  private static final long serialVersionUID = 1;

  IceTextException(String message) {
    super(message);
  }
}
