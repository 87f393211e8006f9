package dev.culvert.ice;

import dev.culvert.sansio.MonotonicTime;
import java.time.Duration;

/**
 * Whether large datagrams pass on a proven pair, as padded checks have shown. A pair whose peer
 * does not pad its answers, and one over TCP, is taken at its word.
 */
final class Width {
  /** The length of a padded check: what QUIC wants of any path (RFC 9000 §14). */
  static final int PADDED = 1200;

  private static final Duration FIRST_PAUSE = Duration.ofSeconds(3);
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(5);

  private enum State {
    UNKNOWN,
    WIDE,
    NARROW
  }

  private final boolean matters;
  private State state;
  private Duration pause = FIRST_PAUSE;
  private MonotonicTime notBefore;
  private boolean carried;
  private boolean skipped;

  /**
   * Nothing is known yet.
   *
   * @param matters whether padded checks can show anything
   */
  Width(boolean matters, MonotonicTime now) {
    this.matters = matters;
    this.state = matters ? State.UNKNOWN : State.WIDE;
    this.notBefore = now;
  }

  boolean matters() {
    return matters;
  }

  boolean isWide() {
    return state == State.WIDE;
  }

  boolean isNarrow() {
    return state == State.NARROW;
  }

  /**
   * A padded check was answered by a padded answer.
   *
   * @return whether that was not known
   */
  boolean holds() {
    boolean fresh = state != State.WIDE;
    state = State.WIDE;
    pause = FIRST_PAUSE;
    return fresh;
  }

  /**
   * Padded checks were not answered. What stands in their way may go, so they are sent again, after
   * pauses that grow.
   *
   * @return whether that was not known
   */
  boolean fails(MonotonicTime now) {
    boolean fresh = state != State.NARROW;
    state = State.NARROW;
    showsNothing(now);
    return fresh;
  }

  /** A padded check showed nothing; another one is sent later. */
  void showsNothing(MonotonicTime now) {
    notBefore = now.plus(pause);
    Duration longer = pause.multipliedBy(2);
    pause = longer.compareTo(LONGEST_PAUSE) < 0 ? longer : LONGEST_PAUSE;
  }

  /** What was found in vain does not count any more. */
  void askAgain(MonotonicTime now) {
    if (matters && !isWide()) {
      state = State.UNKNOWN;
      notBefore = now;
    }
  }

  /** When the next padded check may leave; nothing unless there is something to find out. */
  MonotonicTime notBefore() {
    return notBefore;
  }

  /** Data left on it. */
  void carried() {
    carried = true;
  }

  /** Whether the next sign of life is to be a large one: every second one while data leaves. */
  boolean takesTurn() {
    if (!matters || !isWide() || !carried) {
      return false;
    }
    skipped = !skipped;
    carried = skipped;
    return !skipped;
  }
}
