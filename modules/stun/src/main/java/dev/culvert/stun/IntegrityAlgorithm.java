package dev.culvert.stun;

/** The two attributes that prove who made a message. */
public enum IntegrityAlgorithm {
  /** MESSAGE-INTEGRITY, HMAC-SHA1 (RFC 8489 §14.5). */
  SHA1,
  /** MESSAGE-INTEGRITY-SHA256, HMAC-SHA256 (RFC 8489 §14.6). */
  SHA256
}
