package dev.culvert.lab.spec;

import java.time.Duration;

/**
 * What a NAT does to TCP beyond the mapping and filtering that it has for UDP (RFC 5382).
 *
 * @param unsolicited what it says to a SYN that nobody asked for (REQ-4)
 * @param established how long an idle open connection lives (REQ-5); whole seconds, 1 s to 48 h
 * @param transitory how long an opening or closing one lives (REQ-5); whole seconds, 1 s to 48 h
 */
public record TcpBehaviour(UnsolicitedSyn unsolicited, Duration established, Duration transitory) {
  private static final Duration MOST = Duration.ofDays(2);

  /** Silent, with the least times that REQ-5 allows: 2 h 4 min and 4 min. */
  public static final TcpBehaviour USUAL =
      new TcpBehaviour(UnsolicitedSyn.DROP, Duration.ofMinutes(124), Duration.ofMinutes(4));

  /** Refuses times out of range. */
  public TcpBehaviour {
    check(established);
    check(transitory);
  }

  /** The same with another answer to strangers. */
  public TcpBehaviour withUnsolicited(UnsolicitedSyn value) {
    return new TcpBehaviour(value, established, transitory);
  }

  /** The same with another life of open connections. */
  public TcpBehaviour withEstablished(Duration value) {
    return new TcpBehaviour(unsolicited, value, transitory);
  }

  /** The same with another life of opening and closing connections. */
  public TcpBehaviour withTransitory(Duration value) {
    return new TcpBehaviour(unsolicited, established, value);
  }

  /** For people, with a leading comma; empty for {@link #USUAL}. */
  String words() {
    return (unsolicited == USUAL.unsolicited ? "" : ", unsolicited SYN: " + unsolicited.code())
        + (established.equals(USUAL.established)
            ? ""
            : ", established TCP " + established.toSeconds() + " s")
        + (transitory.equals(USUAL.transitory)
            ? ""
            : ", transitory TCP " + transitory.toSeconds() + " s");
  }

  private static void check(Duration life) {
    if (life.compareTo(Duration.ofSeconds(1)) < 0
        || life.compareTo(MOST) > 0
        || life.toNanosPart() != 0) {
      throw new IllegalArgumentException("a TCP timeout has whole seconds from 1s to 172800s");
    }
  }
}
