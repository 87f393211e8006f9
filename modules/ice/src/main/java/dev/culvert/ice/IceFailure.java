package dev.culvert.ice;

/** Why an agent failed. */
public enum IceFailure {
  /** No candidate of this side may be used. */
  NO_LOCAL_CANDIDATES("this side has no candidate that may be used"),
  /** The peer told none that fits, and sent nothing. */
  NO_REMOTE_CANDIDATES("the other side has no candidate that fits, and sent nothing"),
  /** The peer told only relayed ones, which the policy leaves out, and sent nothing. */
  POLICY("the policy leaves out all candidates of the other side"),
  /** One side has IPv4 alone, the other IPv6 alone, or one UDP and the other TCP. */
  NOTHING_IN_COMMON("no candidates of the two sides fit: IPv4 here and IPv6 there, or so"),
  /** The peer's owner said so ({@link IceAgent#peerFailed}). */
  PEER_GAVE_UP("the other side gave up"),
  /** No check was answered. */
  NO_ANSWER("no check was answered"),
  /** There was a path, and the peer did not consent to it any longer (RFC 7675 §5.1). */
  CONSENT_EXPIRED("the other side fell silent on all paths");

  private final String words;

  IceFailure(String words) {
    this.words = words;
  }

  /** One line for people. */
  public String words() {
    return words;
  }
}
