package dev.culvert.turn.auth;

import dev.culvert.stun.IntegrityKey;
import dev.culvert.stun.LongTermServer;
import dev.culvert.stun.attribute.PasswordAlgorithm;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Whom a relay knows in its realm. Safe for every thread; nothing in it may block. */
public interface CredentialStore extends LongTermServer.Users {

  /** The realm that the keys were made for. */
  String realm();

  /** The password algorithms with which every user can come in, the preferred one first. */
  default List<PasswordAlgorithm> algorithms() {
    return List.of(
        PasswordAlgorithm.of(PasswordAlgorithm.SHA_256),
        PasswordAlgorithm.of(PasswordAlgorithm.MD5));
  }

  /**
   * Whether every user can be found by the hash of the name, so that clients may be asked to hide
   * it (RFC 8489 §9.2, user name anonymity).
   */
  boolean findsHashes();

  /** Until when a user may be served: what a time-limited name says; empty: without end. */
  Optional<Instant> expiry(String username);

  /** What is in force now: itself, but for one that can be exchanged. */
  default CredentialStore current() {
    return this;
  }

  /**
   * Whether a key that let somebody in earlier is still one of a user who is known; a time limit
   * that has passed in between does not count.
   *
   * @param algorithm as in {@link #key}
   */
  default boolean vouches(String username, int algorithm, IntegrityKey key) {
    return keys(username, algorithm).contains(key);
  }

  /**
   * For whom quotas count: names that differ in the time limit alone are one user's.
   *
   * @param username one that {@link #key} knows
   */
  String owner(String username);
}
