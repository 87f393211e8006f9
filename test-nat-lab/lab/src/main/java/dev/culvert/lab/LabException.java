package dev.culvert.lab;

import java.io.IOException;

/** A lab cannot do what was asked; the message is one line that names the fault and the mend. */
public final class LabException extends IOException {
  private static final long serialVersionUID = 1L;

  /** With one line for people. */
  public LabException(String message) {
    super(message);
  }

  /** With one line for people and what lies behind it. */
  public LabException(String message, Throwable cause) {
    super(message, cause);
  }
}
