package dev.culvert.cli;

/** What the command tells its caller when it ends; the numbers are part of the interface. */
public enum ExitCode {
  /** Everything asked for was done, or found good or merely hard. */
  OK(0),
  /** A fault of Culvert's own. */
  INTERNAL(1),
  /** The command line cannot be understood or carried out as written. */
  USAGE(2),
  /** Peers are reached through a relay only. */
  RELAYED(3),
  /** The other side cannot be reached. */
  UNREACHABLE(4),
  /** What was asked could not be found out. */
  INCONCLUSIVE(5),
  /** No usable network, or UDP is blocked. */
  NO_NETWORK(6),
  /** Refused for want of rights or of trust. */
  NOT_AUTHORISED(7),
  /** Nothing came back in time. */
  TIMEOUT(8),
  /** Ended by Ctrl-C. */
  INTERRUPTED(130);

  private final int number;

  ExitCode(int number) {
    this.number = number;
  }

  /** The process's exit status. */
  public int number() {
    return number;
  }
}
