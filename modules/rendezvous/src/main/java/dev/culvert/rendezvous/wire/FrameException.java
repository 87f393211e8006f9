package dev.culvert.rendezvous.wire;

/** Text that is no message; the message is one line for people. */
public final class FrameException extends Exception {
  private static final long serialVersionUID = 1L;

  private final Frame.Code code;

  FrameException(Frame.Code code, String message) {
    super(message);
    this.code = code;
  }

  /** What to answer. */
  public Frame.Code code() {
    return code;
  }
}
