package dev.culvert.ice;

import dev.culvert.sansio.MonotonicTime;
import dev.culvert.stun.ClientRequest;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.LongStream;

/** A connectivity check that is under way (RFC 8445 §7.2). */
final class Check {
  /** The longest waits after each sending; the last one ends it. */
  private static final long[] WAITS_MILLIS = {150, 250, 500, 1000, 2000, 2000};

  private static final int SENDINGS_IN_HASTE = 4;

  /** What is known to be near is asked again as soon; what that saves the last wait gets. */
  static final Duration LEAST_FIRST_WAIT = Duration.ofMillis(50);

  static final Duration FIRST_WAIT = Duration.ofMillis(WAITS_MILLIS[0]);

  /**
   * How long a check lasts that nobody answers.
   *
   * @param leastWait before it is sent again
   */
  static Duration longest(Duration leastWait) {
    return LongStream.of(WAITS_MILLIS)
        .mapToObj(Duration::ofMillis)
        .map(wait -> wait.compareTo(leastWait) < 0 ? leastWait : wait)
        .reduce(Duration.ZERO, Duration::plus);
  }

  private final Pair pair;
  private final CheckPurpose purpose;
  private final Nomination nomination;
  private final IceRole role;
  private final ClientRequest request;
  private final boolean padded;
  private final MonotonicTime begun;
  private int mostSendings = WAITS_MILLIS.length;
  private int sendings;
  private MonotonicTime due;
  private boolean quiet;

  Check(
      Pair pair,
      CheckPurpose purpose,
      Nomination nomination,
      IceRole role,
      ClientRequest request,
      boolean padded,
      MonotonicTime now) {
    this.pair = pair;
    this.purpose = purpose;
    this.nomination = nomination;
    this.role = role;
    this.request = request;
    this.padded = padded;
    this.begun = now;
    this.due = now;
  }

  Pair pair() {
    return pair;
  }

  CheckPurpose purpose() {
    return purpose;
  }

  Nomination nomination() {
    return nomination;
  }

  /** The role that this agent claimed in it. */
  IceRole role() {
    return role;
  }

  ClientRequest request() {
    return request;
  }

  /** Whether it is as long as the datagrams that the path is to carry. */
  boolean isPadded() {
    return padded;
  }

  /** When it was made. */
  MonotonicTime begun() {
    return begun;
  }

  /** Data goes there: what is not answered within two seconds is not waited for. */
  Check inHaste() {
    mostSendings = SENDINGS_IN_HASTE;
    return this;
  }

  /** Whether it was sent as often as it is at all, and in vain. */
  boolean isExhausted() {
    return !quiet && sendings >= mostSendings;
  }

  /**
   * It is sent, for the first time or again.
   *
   * @param firstWait before it is sent again for the first time
   * @param leastWait before it is sent again, so that many checks do not flood a thin line
   */
  void sent(MonotonicTime now, Duration firstWait, Duration leastWait) {
    Duration wait = Duration.ofMillis(WAITS_MILLIS[sendings++]);
    if (sendings == 1) {
      wait = firstWait;
    } else if (sendings == WAITS_MILLIS.length) {
      wait = wait.plus(FIRST_WAIT).minus(firstWait);
    }
    due = now.plus(wait.compareTo(leastWait) < 0 ? leastWait : wait);
    if (purpose == CheckPurpose.CONSENT || pair.isTcp()) {
      // It goes once, and its answer may take as long as that of one that is repeated.
      due = latest(due, now);
    }
    pair.countSent(purpose, sendings);
  }

  /** When it is to be sent again, or given up. */
  MonotonicTime due() {
    return due;
  }

  boolean isLast() {
    return isOnce() || pair.isTcp() || sendings >= mostSendings;
  }

  /** Whether it is not sent again, whatever happens. */
  boolean isOnce() {
    return quiet || purpose == CheckPurpose.CONSENT;
  }

  /** It is sent no more, but an answer still counts (RFC 8445 §7.3.1.4). */
  void silence() {
    quiet = true;
    due = latest(due, begun);
  }

  /** An answer to what was sent once may travel for long. */
  private static MonotonicTime latest(MonotonicTime due, MonotonicTime since) {
    MonotonicTime end = since.plus(longest(Duration.ZERO));
    return due.isBefore(end) ? end : due;
  }

  /** Nobody knows which sending was answered if there were several (Karn's algorithm). */
  Optional<Duration> roundTrip(MonotonicTime now) {
    return sendings == 1 ? Optional.of(now.since(begun)) : Optional.empty();
  }
}
