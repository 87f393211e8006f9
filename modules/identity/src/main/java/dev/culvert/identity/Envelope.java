package dev.culvert.identity;

import dev.culvert.sansio.Bytes;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * What one peer says to another so that nobody in between can read or alter it: sealed to the
 * recipient's {@link SealingKey} (RFC 9180), and inside signed by the sender over both ids, the
 * recipient's key, the session, the number and the end of validity. It shows from outside how long
 * it is, in steps of 256 bytes, and nothing else.
 *
 * <p>Whoever opens it still has to refuse what has expired, and a number that the session had.
 *
 * @param sender proven
 * @param session which conversation, 16 bytes of the sender's choice
 * @param number counts up within a session, from 0
 * @param expiry when it is void, to the second
 * @param payload what is said
 */
public record Envelope(PeerId sender, Bytes session, long number, Instant expiry, Bytes payload) {
  /** The bytes of a session's name. */
  public static final int SESSION_LENGTH = 16;

  /** The most that can be said at once. */
  public static final int LONGEST_PAYLOAD = 32 << 10;

  /** The last second of the year 9999; times further off cannot be reckoned with. */
  private static final long LATEST = 253_402_300_799L;

  private static final String PURPOSE = "culvert-envelope-1";
  private static final Bytes INFO = Bytes.utf8(PURPOSE);
  private static final int STEP = 256;
  private static final int SIGNATURE = 64;
  private static final int HEAD = PeerId.LENGTH + SESSION_LENGTH + 8 + 8 + 4;

  /** Refuses a session's name of another length, and a payload that is too long. */
  public Envelope {
    if (session.length() != SESSION_LENGTH) {
      throw new IllegalArgumentException("a session's name has 16 bytes, not " + session.length());
    }
    if (payload.length() > LONGEST_PAYLOAD) {
      throw new IllegalArgumentException(
          "at most " + LONGEST_PAYLOAD + " bytes are said at once, not " + payload.length());
    }
    expiry = Instant.ofEpochSecond(expiry.getEpochSecond());
  }

  /**
   * Seals it.
   *
   * @param key the sender's
   * @param recipient who is to open it
   * @param recipientKey the recipient's {@link SealingKey#publicKey}
   * @param random for an ephemeral key; a {@link java.security.SecureRandom} for anything but a
   *     simulation
   * @return empty if {@code recipientKey} is no key
   * @throws IllegalArgumentException if {@code key} is not the sender's
   */
  public Optional<Bytes> seal(
      PeerKey key, PeerId recipient, Bytes recipientKey, RandomGenerator random) {
    if (!key.id().equals(sender)) {
      throw new IllegalArgumentException("the sender is " + sender + ", the key of " + key.id());
    }
    if (recipientKey.length() != SealingKey.LENGTH) {
      return Optional.empty();
    }
    int length = HEAD + payload.length() + SIGNATURE;
    ByteBuffer plain = ByteBuffer.allocate((length + STEP - 1) / STEP * STEP);
    plain.put(sender.key().asByteBuffer());
    plain.put(session.asByteBuffer());
    plain.putLong(number);
    plain.putLong(expiry.getEpochSecond());
    plain.putInt(payload.length());
    plain.put(payload.asByteBuffer());
    Bytes said = Bytes.copyOf(plain.array()).slice(0, plain.position());
    plain.put(
        Signed.by(key, PURPOSE, bound(recipient, recipientKey, said)).signature().asByteBuffer());
    return Hpke.seal(
        recipientKey,
        SealingKey.generate(random),
        INFO,
        recipient.key(),
        Bytes.wrap(plain.array()));
  }

  /**
   * Opens what was sealed for a recipient.
   *
   * @param recipient who opens
   * @param key the recipient's
   * @return empty unless it was sealed to this key and for this recipient, and whoever it names as
   *     its sender signed it
   */
  public static Optional<Envelope> open(Bytes sealed, PeerId recipient, SealingKey key) {
    if (sealed.length() > HEAD + LONGEST_PAYLOAD + SIGNATURE + STEP + Hpke.OVERHEAD) {
      return Optional.empty();
    }
    return Hpke.open(key, INFO, recipient.key(), sealed)
        .filter(plain -> plain.length() >= HEAD + SIGNATURE)
        .flatMap(plain -> read(plain, recipient, key));
  }

  private static Optional<Envelope> read(Bytes plain, PeerId recipient, SealingKey key) {
    ByteBuffer head = plain.asByteBuffer();
    PeerId sender = new PeerId(plain.slice(0, PeerId.LENGTH));
    Bytes session = plain.slice(PeerId.LENGTH, PeerId.LENGTH + SESSION_LENGTH);
    head.position(PeerId.LENGTH + SESSION_LENGTH);
    long number = head.getLong();
    long expiry = head.getLong();
    int length = head.getInt();
    if (length < 0
        || length > LONGEST_PAYLOAD
        || HEAD + length + SIGNATURE > plain.length()
        || expiry < 0
        || expiry > LATEST) {
      return Optional.empty();
    }
    Bytes said = plain.slice(0, HEAD + length);
    Bytes signature = plain.slice(HEAD + length, HEAD + length + SIGNATURE);
    return new Signed(sender, bound(recipient, key.publicKey(), said), signature)
        .verify(PURPOSE)
        .map(
            proven ->
                new Envelope(
                    sender, session, number, Instant.ofEpochSecond(expiry), said.slice(HEAD)));
  }

  /** Sealed anew by its recipient for somebody else, the signature would be wrong. */
  private static Bytes bound(PeerId recipient, Bytes recipientKey, Bytes said) {
    return recipient.key().concat(recipientKey).concat(said);
  }
}
