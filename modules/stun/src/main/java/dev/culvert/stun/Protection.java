package dev.culvert.stun;

import java.util.Optional;

/**
 * What the codec adds at the end of a message: MESSAGE-INTEGRITY, MESSAGE-INTEGRITY-SHA256 and
 * FINGERPRINT (RFC 8489 §14.5 to §14.7), in that order.
 *
 * @param key for both integrity attributes; empty for neither
 * @param sha1 whether MESSAGE-INTEGRITY is added
 * @param sha256Length the bytes of MESSAGE-INTEGRITY-SHA256: 16, 20, 24, 28 or 32; 0 for none
 * @param fingerprint whether FINGERPRINT is added
 */
public record Protection(
    Optional<IntegrityKey> key, boolean sha1, int sha256Length, boolean fingerprint) {
  /** MESSAGE-INTEGRITY-SHA256 in full length. */
  public static final int FULL_SHA256 = 32;

  private static final Protection NONE = new Protection(Optional.empty(), false, 0, false);

  /** Refuses a key without a use, a use without a key, and forbidden lengths. */
  public Protection {
    if (key.isPresent() != (sha1 || sha256Length != 0)) {
      throw new IllegalArgumentException("integrity needs a key, and a key an integrity attribute");
    }
    if (sha256Length != 0 && (sha256Length < 16 || sha256Length > 32 || sha256Length % 4 != 0)) {
      throw new IllegalArgumentException(
          "MESSAGE-INTEGRITY-SHA256 has 16, 20, 24, 28 or 32 bytes, not " + sha256Length);
    }
  }

  /** Nothing is added. */
  public static Protection none() {
    return NONE;
  }

  /** MESSAGE-INTEGRITY alone, as RFC 5389 knows it. */
  public static Protection sha1(IntegrityKey key) {
    return new Protection(Optional.of(key), true, 0, false);
  }

  /** MESSAGE-INTEGRITY-SHA256 alone, in full length. */
  public static Protection sha256(IntegrityKey key) {
    return new Protection(Optional.of(key), false, FULL_SHA256, false);
  }

  /** Both, for a first short-term request to somebody unknown (RFC 8489 §9.1.2). */
  public static Protection both(IntegrityKey key) {
    return new Protection(Optional.of(key), true, FULL_SHA256, false);
  }

  /** One integrity attribute, in full length. */
  public static Protection of(IntegrityAlgorithm algorithm, IntegrityKey key) {
    return algorithm == IntegrityAlgorithm.SHA1 ? sha1(key) : sha256(key);
  }

  /** The same with FINGERPRINT. */
  public Protection withFingerprint() {
    return new Protection(key, sha1, sha256Length, true);
  }

  /**
   * The same with MESSAGE-INTEGRITY-SHA256 cut to {@code length} bytes, where a usage allows it.
   */
  public Protection truncatedTo(int length) {
    return new Protection(key, sha1, length, fingerprint);
  }
}
