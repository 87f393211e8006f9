package dev.culvert.peer;

/** There is no connection, or none any more. */
public final class PeerException extends Exception {
  private static final long serialVersionUID = 1;

  private final transient PeerEnd end;

  PeerException(PeerEnd end) {
    super(end.words());
    this.end = end;
  }

  /** Why. */
  public PeerEnd end() {
    return end;
  }
}
