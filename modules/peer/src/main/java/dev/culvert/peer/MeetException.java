package dev.culvert.peer;

import dev.culvert.rendezvous.call.CallEnd;

/** A call that has ended, or never came to be. */
public final class MeetException extends Exception {
  private static final long serialVersionUID = 1;

  private final CallEnd reason;

  MeetException(CallEnd reason) {
    super(reason.words());
    this.reason = reason;
  }

  /** Why. */
  public CallEnd reason() {
    return reason;
  }
}
