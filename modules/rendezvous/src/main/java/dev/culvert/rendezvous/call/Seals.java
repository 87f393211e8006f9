package dev.culvert.rendezvous.call;

import dev.culvert.identity.Envelope;
import dev.culvert.identity.PeerId;
import dev.culvert.identity.PeerKey;
import dev.culvert.identity.SealingKey;
import dev.culvert.sansio.Bytes;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/** Seals what this peer says, and opens what is said to it. */
final class Seals {
  private static final Duration VALIDITY = Duration.ofMinutes(2);
  private static final Duration SKEW = Duration.ofMinutes(1);

  private final PeerKey key;
  private final Supplier<List<SealingKey>> sealingKeys;
  private final RandomGenerator random;
  private final InstantSource clock;

  Seals(
      PeerKey key,
      Supplier<List<SealingKey>> sealingKeys,
      RandomGenerator random,
      InstantSource clock) {
    this.key = key;
    this.sealingKeys = sealingKeys;
    this.random = random;
    this.clock = clock;
  }

  PeerId own() {
    return key.id();
  }

  Instant time() {
    return clock.instant();
  }

  /** For how long an envelope could come again, and be taken for new by whoever forgot it. */
  static Duration longestMemory() {
    return VALIDITY.plus(SKEW.multipliedBy(2));
  }

  Bytes freshSession() {
    byte[] session = new byte[Envelope.SESSION_LENGTH];
    random.nextBytes(session);
    return Bytes.wrap(session);
  }

  /** With which key others are to seal from now on. */
  Bytes publicKey() {
    return sealingKeys.get().get(0).publicKey();
  }

  /** Empty if nothing can be sealed with the other's key. */
  Optional<Bytes> seal(PeerId to, Bytes theirKey, Bytes session, long number, Bytes payload) {
    Envelope envelope =
        new Envelope(key.id(), session, number, clock.instant().plus(VALIDITY), payload);
    return envelope.seal(key, to, theirKey, random);
  }

  /** Empty for what is not for this peer, and for what is too old, or of a time to come. */
  Optional<Envelope> open(Bytes sealed) {
    Instant now = clock.instant();
    return sealingKeys.get().stream()
        .flatMap(each -> Envelope.open(sealed, key.id(), each).stream())
        .findFirst()
        .filter(its -> !its.sender().equals(key.id()))
        .filter(its -> its.expiry().plus(SKEW).isAfter(now))
        .filter(its -> its.expiry().minus(VALIDITY).minus(SKEW).isBefore(now));
  }
}
