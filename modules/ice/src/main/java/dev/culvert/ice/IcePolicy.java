package dev.culvert.ice;

/** Which pairs an agent uses. */
public enum IcePolicy {
  /** No relay at all. */
  DIRECT_ONLY,
  /** A relay only where there is no direct path. */
  PREFER_DIRECT,
  /** Nothing but relays on this side, and no word of any other address of it. */
  RELAY_ONLY;

  /** Whether a candidate of this agent may be used and told. */
  public boolean allowsLocal(CandidateType type) {
    return switch (this) {
      case DIRECT_ONLY -> type != CandidateType.RELAYED;
      case PREFER_DIRECT -> true;
      case RELAY_ONLY -> type == CandidateType.RELAYED;
    };
  }

  /** Whether a candidate of the peer may be used. */
  public boolean allowsRemote(CandidateType type) {
    return this != DIRECT_ONLY || type != CandidateType.RELAYED;
  }
}
