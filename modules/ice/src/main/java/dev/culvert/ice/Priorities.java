package dev.culvert.ice;

/** The arithmetic of priorities (RFC 8445 §5.1.2, §6.1.2.3). */
public final class Priorities {
  /** The local preference of an agent with one address of one family. */
  public static final int ONLY_ADDRESS = 65_535;

  private Priorities() {}

  /**
   * A candidate's priority (RFC 8445 §5.1.2.1).
   *
   * @param localPreference among candidates of one type, 0 to 65535
   */
  public static long of(CandidateType type, int localPreference, int component) {
    if (localPreference < 0 || localPreference > 0xffff) {
      throw new IllegalArgumentException("a local preference is 0 to 65535");
    }
    return Math.max(
        1, (long) type.preference() << 24 | (long) localPreference << 8 | 256 - component);
  }

  /**
   * The priority of a TCP candidate (RFC 6544 §4.2): below UDP's of any kind but relayed ones, and
   * by who connects, the one that is likelier to succeed first.
   *
   * @param otherPreference among candidates of one type and direction, 0 to 8191
   */
  public static long of(CandidateType type, TcpType tcp, int otherPreference, int component) {
    if (otherPreference < 0 || otherPreference > 0x1fff) {
      throw new IllegalArgumentException("the other preference of a TCP candidate is 0 to 8191");
    }
    return tcp(type, tcp.preference(type) << 13 | otherPreference, component);
  }

  private static long tcp(CandidateType type, int localPreference, int component) {
    return Math.max(
        1, (long) type.tcpPreference() << 24 | (long) localPreference << 8 | 256 - component);
  }

  /** What the peer is to take a base for if a check shows it another address of it (§7.1.1). */
  static long ofPeerReflexive(Candidate base) {
    int preference = localPreference(base.priority());
    int component = base.component().component();
    return base.tcpType().isPresent()
        ? tcp(CandidateType.PEER_REFLEXIVE, preference, component)
        : of(CandidateType.PEER_REFLEXIVE, preference, component);
  }

  /** The local preference that went into a priority. */
  public static int localPreference(long priority) {
    return (int) (priority >> 8 & 0xffff);
  }

  /**
   * The local preferences of a machine's addresses by RFC 8421 §4: IPv6 first, but never so many
   * addresses of one family in a row that one of the other waits for long.
   *
   * @param ipv6 whether each address, best first, is of IPv6
   * @return one for each, the greater the better
   */
  public static int[] localPreferences(boolean... ipv6) {
    int sixes = 0;
    for (boolean six : ipv6) {
      sixes += six ? 1 : 0;
    }
    int fours = ipv6.length - sixes;
    int[] preferences = new int[ipv6.length];
    // An address of the rarer family stands behind each run of this many of the other.
    int run = Math.max(1, Math.max(sixes, fours) / Math.max(1, Math.min(sixes, fours)));
    boolean[] taken = new boolean[ipv6.length];
    int next = ONLY_ADDRESS;
    boolean wantsSix = true;
    while (next > ONLY_ADDRESS - ipv6.length) {
      boolean common = wantsSix ? sixes >= fours : fours > sixes;
      int count = common ? run : 1;
      for (int i = 0; i < ipv6.length && count > 0; i++) {
        if (!taken[i] && ipv6[i] == wantsSix) {
          taken[i] = true;
          preferences[i] = next--;
          count--;
        }
      }
      wantsSix = !wantsSix;
    }
    return preferences;
  }

  /**
   * A pair's priority (RFC 8445 §6.1.2.3).
   *
   * @param controlling the priority of the controlling agent's candidate
   * @param controlled of the controlled agent's
   */
  static long ofPair(long controlling, long controlled) {
    return (Math.min(controlling, controlled) << 32)
        + 2 * Math.max(controlling, controlled)
        + (controlling > controlled ? 1 : 0);
  }
}
