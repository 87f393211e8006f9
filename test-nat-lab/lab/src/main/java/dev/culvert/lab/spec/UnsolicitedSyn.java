package dev.culvert.lab.spec;

/** What a NAT says to a TCP SYN from outside that nobody inside asked for (RFC 5382 REQ-4). */
public enum UnsolicitedSyn {
  /** Nothing. */
  DROP("drop"),
  /** Reset, which spoils a simultaneous open. */
  RESET("rst"),
  /** ICMP port unreachable, 6 s later and only if nothing went out meanwhile, as REQ-4 demands. */
  ICMP("icmp");

  private final String code;

  UnsolicitedSyn(String code) {
    this.code = code;
  }

  /** The short form that a behaviour is written in. */
  public String code() {
    return code;
  }
}
