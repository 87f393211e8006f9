package dev.culvert.cli.node.external;

/** What was proven about datagrams from outside to a relay's ports. */
public enum Reach {
  /** A port that had sent nothing got one. */
  REACHABLE("reachable"),
  /** A port gets them from anywhere once it has sent something. */
  REACHABLE_AFTER_SENDING("reachable once a port has sent"),
  /** They are held back. */
  FILTERED("filtered"),
  /** A NAT shows another port than the relay's, which nobody can be told. */
  PORT_NOT_PRESERVED("port not preserved"),
  /** The STUN server cannot tell. */
  UNKNOWN("unknown");

  private final String words;

  Reach(String words) {
    this.words = words;
  }

  /** For people. */
  @Override
  public String toString() {
    return words;
  }
}
