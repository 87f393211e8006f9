package dev.culvert.natsim;

import java.time.Duration;

/**
 * What a NAT does to TCP beyond the mapping and filtering that it has for UDP (RFC 5382).
 *
 * @param stranger what it says to a SYN from outside that nobody asked for (REQ-4)
 * @param established how long an idle open connection lives (REQ-5)
 * @param transitory how long an opening or closing one lives (REQ-5)
 */
public record StreamRule(Stranger stranger, Duration established, Duration transitory) {

  /** Silent, with the least times that REQ-5 allows: 2 h 4 min and 4 min. */
  public static final StreamRule USUAL =
      new StreamRule(Stranger.SILENCE, Duration.ofMinutes(124), Duration.ofMinutes(4));

  /** What a SYN from a stranger meets. */
  public enum Stranger {
    /** Nothing. */
    SILENCE,
    /** A reset at once. */
    RESET,
    /** ICMP port unreachable after 6 s, unless the inside opens the same connection meanwhile. */
    ICMP
  }
}
