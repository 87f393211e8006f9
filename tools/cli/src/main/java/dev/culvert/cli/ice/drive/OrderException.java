package dev.culvert.cli.ice.drive;

/** A line is no order, or one that cannot be carried out; the message is one line for people. */
final class OrderException extends Exception {
  private static final long serialVersionUID = 1L;

  OrderException(String message) {
    super(message);
  }
}
