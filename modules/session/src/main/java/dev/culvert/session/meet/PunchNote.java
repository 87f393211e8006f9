package dev.culvert.session.meet;

import dev.culvert.punch.NatTraits;
import dev.culvert.sansio.Bytes;
import java.time.Duration;

/**
 * What two peers tell each other to punch a path, within the envelopes of a call, so that no node
 * sees it.
 */
sealed interface PunchNote {
  /** What stands before the one that says so. */
  NatTraits traits();

  /** This is what stands before me; tell me what stands before you. */
  record View(NatTraits traits) implements PunchNote {}

  /**
   * The caller's: let us begin.
   *
   * @param attempt which, counted upward from 1
   * @param traits what was seen a moment ago
   * @param key what proves the packets of this attempt, 16 bytes
   * @param roundTrip how long the way over the nodes is, there and back
   */
  record Ask(int attempt, NatTraits traits, Bytes key, Duration roundTrip) implements PunchNote {}

  /**
   * The callee's answer to {@link Ask}.
   *
   * @param attempt which
   * @param traits what was seen a moment ago
   * @param in when the callee begins, from the moment that it says so
   */
  record Go(int attempt, NatTraits traits, Duration in) implements PunchNote {}
}
