package dev.culvert.ice;

import java.util.Arrays;
import java.util.Optional;

/** Who opens the connection to or from a TCP candidate (RFC 6544 §4.1). */
public enum TcpType {
  /** This side; the candidate's port means nothing. */
  ACTIVE("active"),
  /** The other side. */
  PASSIVE("passive"),
  /** Both at once. */
  SIMULTANEOUS_OPEN("so");

  private final String word;

  TcpType(String word) {
    this.word = word;
  }

  /** The word for it in SDP (RFC 6544 §4.5). */
  public String word() {
    return word;
  }

  /**
   * The direction preference that RFC 6544 §4.2 recommends, 0 to 7: behind a NAT opening at once is
   * likelier to work than being connected to.
   */
  int preference(CandidateType type) {
    boolean reflexive =
        type == CandidateType.SERVER_REFLEXIVE || type == CandidateType.PEER_REFLEXIVE;
    return switch (this) {
      case ACTIVE -> reflexive ? 4 : 6;
      case PASSIVE -> reflexive ? 2 : 4;
      case SIMULTANEOUS_OPEN -> reflexive ? 6 : 2;
    };
  }

  /** What a peer's candidate must be to be paired with this one (RFC 6544 §6.2). */
  public TcpType counterpart() {
    return switch (this) {
      case ACTIVE -> PASSIVE;
      case PASSIVE -> ACTIVE;
      case SIMULTANEOUS_OPEN -> SIMULTANEOUS_OPEN;
    };
  }

  /** The type of this word, if there is one. */
  public static Optional<TcpType> ofWord(String word) {
    return Arrays.stream(values()).filter(type -> type.word.equals(word)).findFirst();
  }
}
