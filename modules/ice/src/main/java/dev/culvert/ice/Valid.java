package dev.culvert.ice;

import dev.culvert.sansio.MonotonicTime;
import java.time.Duration;
import java.util.Optional;

/** A pair that a check has proven, for as long as the peer consents (RFC 7675). */
final class Valid {
  /** How long a consent holds (RFC 7675 §5.1). */
  static final Duration CONSENT = Duration.ofSeconds(30);

  private final Round round;
  private final Pair pair;
  private MonotonicTime proven;
  private MonotonicTime nextConsent;
  private Optional<MonotonicTime> unheardSince = Optional.empty();
  private boolean suspect;
  private boolean holds;
  private Optional<MonotonicTime> ifAnswered = Optional.empty();
  private MonotonicTime lastly;
  private MonotonicTime lastHeard;
  private Duration rest = Duration.ZERO;
  private int nomination = -1;
  private final Width width;

  /**
   * Proven now.
   *
   * @param asks whether this agent sends checks
   */
  Valid(Round round, Pair pair, boolean asks, MonotonicTime now) {
    this.width = new Width(asks && !pair.isTcp() && round.wants(IceParameters.PADDED), now);
    this.round = round;
    this.pair = pair;
    this.proven = now;
    this.nextConsent = now;
    this.lastly = now;
    this.lastHeard = now;
  }

  Round round() {
    return round;
  }

  Pair pair() {
    return pair;
  }

  Width width() {
    return width;
  }

  /** Something left on it, that an answer may be expected to. */
  void sent(MonotonicTime now) {
    if (unheardSince.isEmpty()) {
      unheardSince = Optional.of(now);
      rest = now.since(lastly);
    }
    lastly = now;
  }

  /** How long nothing had gone either way before what is not answered yet, or was answered last. */
  Duration rest() {
    return rest;
  }

  /** When something came last. */
  MonotonicTime lastHeard() {
    return lastHeard;
  }

  /** Something authentic, or data, came. */
  void heard(MonotonicTime now) {
    lastHeard = now;
    lastly = now;
    unheardSince = Optional.empty();
    suspect = false;
  }

  /** The peer answered a check. */
  void proven(MonotonicTime now) {
    heard(now);
    proven = now;
    ifAnswered.ifPresent(this::nextConsent);
  }

  /** It needs no consent: nobody is there who would ask. */
  void holds() {
    holds = true;
  }

  boolean holdsAnyway() {
    return holds;
  }

  boolean endsBy(MonotonicTime now) {
    return !holds && !now.isBefore(consentEnds());
  }

  MonotonicTime consentEnds() {
    return proven.plus(CONSENT);
  }

  /** Since when it has been silent although something was sent. */
  Optional<MonotonicTime> unheardSince() {
    return unheardSince;
  }

  boolean isSuspect() {
    return suspect;
  }

  void suspect() {
    suspect = true;
  }

  MonotonicTime nextConsent() {
    return nextConsent;
  }

  /** It was asked because it was silent, and is asked again soon unless it answers. */
  void nextConsentUnlessAnswered(MonotonicTime soon, MonotonicTime otherwise) {
    nextConsent = soon;
    ifAnswered = Optional.of(otherwise);
  }

  void nextConsent(MonotonicTime at) {
    nextConsent = at;
    ifAnswered = Optional.empty();
  }

  int nomination() {
    return nomination;
  }

  void nominated(Nomination by) {
    nomination = by.number();
  }
}
