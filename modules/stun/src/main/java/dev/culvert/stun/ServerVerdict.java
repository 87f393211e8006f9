package dev.culvert.stun;

/** What a server makes of the credentials of a message. */
public sealed interface ServerVerdict {

  /**
   * They are right.
   *
   * @param username whose they are
   * @param key what proved the message
   * @param responseProtection what the response must be protected with
   */
  record Accepted(String username, IntegrityKey key, Protection responseProtection)
      implements ServerVerdict {}

  /**
   * They are not; send this back, unprotected.
   *
   * @param response an error response
   */
  record Refused(StunMessage response) implements ServerVerdict {}

  /** They are not, and the message is an indication: silence. */
  record Dropped() implements ServerVerdict {}
}
