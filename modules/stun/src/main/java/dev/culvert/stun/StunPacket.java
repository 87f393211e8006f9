package dev.culvert.stun;

import dev.culvert.sansio.Bytes;
import dev.culvert.stun.attribute.AttributeType;
import dev.culvert.stun.attribute.Fingerprint;
import dev.culvert.stun.attribute.MessageIntegrity;
import dev.culvert.stun.attribute.MessageIntegritySha256;
import java.util.Optional;

/**
 * A message together with the very bytes it came in, over which its integrity is verified.
 *
 * @param message what it says
 * @param wire the whole message as received
 */
public record StunPacket(StunMessage message, Bytes wire) {

  /** Whether it has a FINGERPRINT; the codec has found it to be right. */
  public boolean hasFingerprint() {
    return message.has(Fingerprint.class);
  }

  /**
   * The integrity attribute that a receiver verifies: the SHA-256 one if both are there (RFC 8489
   * §9.1.3, §9.2.4); empty if there is none.
   */
  public Optional<IntegrityAlgorithm> integrity() {
    if (message.has(MessageIntegritySha256.class)) {
      return Optional.of(IntegrityAlgorithm.SHA256);
    }
    return message.has(MessageIntegrity.class)
        ? Optional.of(IntegrityAlgorithm.SHA1)
        : Optional.empty();
  }

  /**
   * Whether the attribute that {@link #integrity} names, in full length, was made with {@code key};
   * false if there is none.
   */
  public boolean isProvenBy(IntegrityKey key) {
    return isProvenBy(key, Protection.FULL_SHA256);
  }

  /**
   * Whether the attribute that {@link #integrity} names was made with {@code key}; false if there
   * is none.
   *
   * @param minimumSha256Length the shortest MESSAGE-INTEGRITY-SHA256 that the usage takes, 16 to 32
   *     bytes (RFC 8489 §14.6)
   */
  public boolean isProvenBy(IntegrityKey key, int minimumSha256Length) {
    if (minimumSha256Length < 16 || minimumSha256Length > 32) {
      throw new IllegalArgumentException(
          "the shortest MESSAGE-INTEGRITY-SHA256 has 16 to 32 bytes, not " + minimumSha256Length);
    }
    Optional<MessageIntegritySha256> sha256 = message.first(MessageIntegritySha256.class);
    if (sha256.isPresent()) {
      Bytes hmac = sha256.get().hmac();
      return hmac.length() >= minimumSha256Length
          && covered(AttributeType.MESSAGE_INTEGRITY_SHA256, hmac.length())
              .map(text -> key.hmacSha256(text.header(), text.attributes()).slice(0, hmac.length()))
              .filter(hmac::equalsInConstantTime)
              .isPresent();
    }
    return message
        .first(MessageIntegrity.class)
        .flatMap(
            sha1 ->
                covered(AttributeType.MESSAGE_INTEGRITY, 20)
                    .map(text -> key.hmacSha1(text.header(), text.attributes()))
                    .filter(sha1.hmac()::equalsInConstantTime))
        .isPresent();
  }

  private Optional<Covered> covered(int type, int valueLength) {
    int offset = StunCodec.offsetOf(wire, type);
    return offset < 0
        ? Optional.empty()
        : Optional.of(Covered.before(wire.slice(0, offset), valueLength));
  }
}
