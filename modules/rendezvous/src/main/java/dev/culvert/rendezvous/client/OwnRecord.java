package dev.culvert.rendezvous.client;

import dev.culvert.identity.SealingKey;
import dev.culvert.identity.Signed;
import dev.culvert.rendezvous.PeerRecord;
import dev.culvert.sansio.MonotonicTime;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What a peer says of itself, and what opens what is sealed for it. */
final class OwnRecord {
  private static final Duration DAY = Duration.ofHours(24);

  /** Longer than any record with the old key holds. */
  private static final Duration KEPT = PeerRecord.LONGEST.multipliedBy(2);

  /** A clock that was found to be wrong by more than this makes the record wrong, too. */
  private static final Duration NOTICEABLE = Duration.ofMinutes(1);

  private final Means means;
  private final NodeTime time;
  private final Duration validity;
  private SealingKey current;
  private Optional<SealingKey> old = Optional.empty();
  private Optional<MonotonicTime> made = Optional.empty();
  private Optional<Signed> signed = Optional.empty();
  private Optional<MonotonicTime> renewal = Optional.empty();
  private Duration correction = Duration.ZERO;
  private long sequence;

  OwnRecord(Means means, NodeTime time, AttachmentsConfig config) {
    this.means = means;
    this.time = time;
    this.validity = config.validity();
    this.sequence = config.leastSequence();
    this.current = SealingKey.generate(means.random);
  }

  List<SealingKey> keys() {
    return old.map(kept -> List.of(current, kept)).orElseGet(() -> List.of(current));
  }

  long sequence() {
    return sequence;
  }

  /** The record that holds now. */
  Signed signed(MonotonicTime now) {
    if (signed.isEmpty() || isStale(now)) {
      sign(now);
    }
    return signed.orElseThrow();
  }

  private boolean isStale(MonotonicTime now) {
    return renewal.filter(at -> !now.isBefore(at)).isPresent()
        || time.correction().minus(correction).abs().compareTo(NOTICEABLE) > 0;
  }

  private void sign(MonotonicTime now) {
    // By the own clock: a node with a wrong one must not be able to use up the sequences to come.
    sequence = Math.max(sequence + 1, means.clock.millis());
    correction = time.correction();
    signed =
        Optional.of(
            new PeerRecord(means.key.id(), current.publicKey(), sequence, time.now().plus(validity))
                .sign(means.key));
    renewal = Optional.of(now.plus(validity.dividedBy(3)));
  }

  /** There is a later one of this peer's, signed when its clock was before this one's. */
  void isAfter(long other) {
    if (other >= sequence) {
      sequence = other;
      signed = Optional.empty();
    }
  }

  /** Replaces the key when it is old; says whether it did. */
  boolean advance(MonotonicTime now) {
    MonotonicTime since = made.orElse(now);
    made = Optional.of(since);
    if (old.isPresent() && !now.isBefore(since.plus(KEPT))) {
      old = Optional.empty();
    }
    if (now.isBefore(since.plus(DAY))) {
      return false;
    }
    old = Optional.of(current);
    current = SealingKey.generate(means.random);
    made = Optional.of(now);
    signed = Optional.empty();
    return true;
  }

  Optional<MonotonicTime> nextDeadline() {
    return made.map(at -> at.plus(old.isPresent() ? KEPT : DAY));
  }

  /** When it is to be signed anew. */
  Optional<MonotonicTime> renewal() {
    return renewal;
  }
}
