package dev.culvert.ice;

import java.util.Arrays;
import java.util.Optional;

/** How a candidate came to be known (RFC 8445 §5.1.1). */
public enum CandidateType {
  /** An address of an interface. */
  HOST("host", 126, 90),
  /** What a NAT made of it, seen by the peer in a connectivity check. */
  PEER_REFLEXIVE("prflx", 110, 85),
  /** What a NAT made of it, seen by a server or told by the NAT. */
  SERVER_REFLEXIVE("srflx", 100, 80),
  /** An address on a relay. */
  RELAYED("relay", 0, 0);

  private final String word;
  private final int preference;
  private final int tcpPreference;

  CandidateType(String word, int preference, int tcpPreference) {
    this.tcpPreference = tcpPreference;
    this.word = word;
    this.preference = preference;
  }

  /** The word for it in SDP (RFC 8839 §5.1). */
  public String word() {
    return word;
  }

  /** The type preference that RFC 8445 §5.1.2.2 recommends, 0 to 126. */
  public int preference() {
    return preference;
  }

  /** That of TCP candidates, which are for where UDP does not go (RFC 6544 §4.2). */
  int tcpPreference() {
    return tcpPreference;
  }

  /** The type of this word, if there is one. */
  public static Optional<CandidateType> ofWord(String word) {
    return Arrays.stream(values()).filter(type -> type.word.equals(word)).findFirst();
  }
}
