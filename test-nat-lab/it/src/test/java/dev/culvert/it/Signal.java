package dev.culvert.it;

/** What one side of a connection has the other told. */
sealed interface Signal {

  /**
   * Who it is, first or anew.
   *
   * @param sdp the whole, or just the lines about ICE; maybe with candidates
   */
  record Description(String sdp) implements Signal {
    /** Whether that side only answers checks. */
    boolean lite() {
      return sdp.lines().anyMatch("a=ice-lite"::equals);
    }

    /** The value of an attribute that stands there. */
    String value(String attribute) {
      return sdp.lines()
          .filter(line -> line.startsWith("a=" + attribute + ":"))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElseThrow(() -> new AssertionError("no " + attribute + " in " + sdp));
    }
  }

  /**
   * Another candidate.
   *
   * @param line the attribute, without {@code a=}
   */
  record NewCandidate(String line) implements Signal {}

  /** No more candidates. */
  record End() implements Signal {}
}
