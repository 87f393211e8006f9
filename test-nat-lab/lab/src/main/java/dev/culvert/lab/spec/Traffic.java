package dev.culvert.lab.spec;

/** What a router forwards at all. */
public enum Traffic {
  /** Everything that its NAT and filter let through. */
  ALL("all"),
  /** Everything but UDP, in both directions and both families. */
  NO_UDP("no-udp"),
  /** Nothing. */
  NOTHING("nothing");

  private final String code;

  Traffic(String code) {
    this.code = code;
  }

  /** The short form that a behaviour is written in. */
  public String code() {
    return code;
  }
}
