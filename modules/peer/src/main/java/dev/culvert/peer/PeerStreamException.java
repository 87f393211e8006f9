package dev.culvert.peer;

import java.io.IOException;

/** A stream that was cut off, by the peer or with its connection. */
public final class PeerStreamException extends IOException {
  private static final long serialVersionUID = 1;

  PeerStreamException(String what) {
    super(what);
  }
}
