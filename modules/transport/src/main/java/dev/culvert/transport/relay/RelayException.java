package dev.culvert.transport.relay;

import java.io.IOException;

/** There is no allocation, or not for this peer. Its message is one line for people. */
public final class RelayException extends IOException {
  private static final long serialVersionUID = 1;

  private final int code;
  private final String reason;

  RelayException(int code, String reason) {
    super(reason);
    this.code = code;
    this.reason = reason;
  }

  /** The relay's error code, as in RFC 8656 §19; 0 if it said nothing. */
  public int code() {
    return code;
  }

  /** The message. */
  public String reason() {
    return reason;
  }
}
