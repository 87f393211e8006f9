package dev.culvert.transport;

import java.io.IOException;

/** A server socket that could not be opened; the message is one line for people. */
public final class ListenException extends IOException {
  private static final long serialVersionUID = 1;

  ListenException(Listen listen, Throwable cause) {
    super(text(listen, cause), cause);
  }

  static String text(Listen listen, Throwable cause) {
    return "cannot listen on "
        + listen.transport()
        + " "
        + listen.local()
        + ": "
        + Fault.of(cause).detail();
  }
}
