package dev.culvert.peer;

import java.io.IOException;

/** A datagram was written while there was no path to the peer, or none any more. */
public final class NoPathException extends IOException {
  private static final long serialVersionUID = 1;

  NoPathException(String reason) {
    super(reason);
  }

  /** Where it was written says nothing, and there may be many. */
  @Override
  public synchronized Throwable fillInStackTrace() {
    return this;
  }
}
