package dev.culvert.ice;

/** Which of two agents chooses the pair (RFC 8445 §6.1.1). */
public enum IceRole {
  /** Nominates. */
  CONTROLLING,
  /** Takes what the other nominates. */
  CONTROLLED;

  /** The other one. */
  public IceRole opposite() {
    return this == CONTROLLING ? CONTROLLED : CONTROLLING;
  }
}
