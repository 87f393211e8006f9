package dev.culvert.ice;

/** What a connectivity check is for. */
public enum CheckPurpose {
  /** To learn whether the pair works. */
  ORDINARY,
  /** The same, and to nominate it (RFC 8445 §8.1.1). */
  NOMINATION,
  /** To learn whether large datagrams pass, too: it is padded, and so is its answer. */
  SIZE,
  /** To learn whether the peer still consents (RFC 7675), and to keep NATs open. */
  CONSENT
}
