package dev.culvert.ice;

/** What has become of a candidate pair's check (RFC 8445 §6.1.2.6). */
public enum PairState {
  /** Waits for another pair of its foundation. */
  FROZEN,
  /** Waits for its turn. */
  WAITING,
  /** A check is under way. */
  IN_PROGRESS,
  /** A check was answered. */
  SUCCEEDED,
  /** No check was answered, or not as it must be. */
  FAILED
}
