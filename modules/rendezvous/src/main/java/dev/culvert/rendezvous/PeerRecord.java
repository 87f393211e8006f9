package dev.culvert.rendezvous;

import dev.culvert.identity.PeerId;
import dev.culvert.identity.PeerKey;
import dev.culvert.identity.SealingKey;
import dev.culvert.identity.Signed;
import dev.culvert.sansio.Bytes;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What a peer says of itself to everybody: with which key to seal for it, and for how long. There
 * is no address in it.
 *
 * @param peer who
 * @param sealingKey its {@link SealingKey#publicKey}
 * @param sequence a later record has a greater one; 0 or more
 * @param expiry when it is void, to the second
 */
public record PeerRecord(PeerId peer, Bytes sealingKey, long sequence, Instant expiry) {
  /** Nobody keeps a record for longer. */
  public static final Duration LONGEST = Duration.ofHours(1);

  /** No node keeps one whose payload has more bytes, whatever is said in it one day. */
  public static final int MOST_BYTES = 128;

  private static final String PURPOSE = "rdv1-record";
  private static final int LENGTH = SealingKey.LENGTH + 8 + 8;
  private static final long LATEST = 253_402_300_799L;

  /** Refuses a key of another length, a negative sequence, and a time beyond all clocks. */
  public PeerRecord {
    expiry = Instant.ofEpochSecond(expiry.getEpochSecond());
    if (sealingKey.length() != SealingKey.LENGTH) {
      throw new IllegalArgumentException("a sealing key has 32 bytes, not " + sealingKey.length());
    }
    if (sequence < 0 || expiry.getEpochSecond() < 0 || expiry.getEpochSecond() > LATEST) {
      throw new IllegalArgumentException("no record: " + sequence + ", " + expiry);
    }
  }

  /**
   * Signs it.
   *
   * @throws IllegalArgumentException if it is another peer's key
   */
  public Signed sign(PeerKey key) {
    if (!key.id().equals(peer)) {
      throw new IllegalArgumentException("the record is of " + peer + ", the key of " + key.id());
    }
    ByteBuffer payload = ByteBuffer.allocate(LENGTH);
    payload.put(sealingKey.asByteBuffer());
    payload.putLong(sequence);
    payload.putLong(expiry.getEpochSecond());
    return Signed.by(key, PURPOSE, Bytes.wrap(payload.array()));
  }

  /**
   * Reads one.
   *
   * @return empty unless its signer signed it as a record; whether it has expired is for the caller
   *     to see. What follows the members known today is passed over.
   */
  public static Optional<PeerRecord> read(Signed signed) {
    return signed
        .verify(PURPOSE)
        .filter(payload -> payload.length() >= LENGTH)
        .flatMap(payload -> read(signed.signer(), payload));
  }

  private static Optional<PeerRecord> read(PeerId signer, Bytes payload) {
    long sequence = payload.int64(SealingKey.LENGTH);
    long expiry = payload.int64(SealingKey.LENGTH + 8);
    return sequence < 0 || expiry < 0 || expiry > LATEST
        ? Optional.empty()
        : Optional.of(
            new PeerRecord(
                signer,
                payload.slice(0, SealingKey.LENGTH),
                sequence,
                Instant.ofEpochSecond(expiry)));
  }
}
