package dev.culvert.stun;

import dev.culvert.stun.attribute.UserHash;
import dev.culvert.stun.attribute.Username;
import java.nio.charset.StandardCharsets;

/** A user name and a password (RFC 8489 §9.2). Its text form does not show the password. */
public final class LongTermCredential {
  private final String username;
  private final String password;

  /**
   * Prepares both by OpaqueString.
   *
   * @throws IllegalArgumentException if OpaqueString forbids one of them, or the name has more than
   *     508 bytes
   */
  public LongTermCredential(String username, String password) {
    this.username = OpaqueString.require("the user name", username);
    this.password = OpaqueString.require("the password", password);
    int length = this.username.getBytes(StandardCharsets.UTF_8).length;
    if (length > 508) {
      throw new IllegalArgumentException("a user name has fewer than 509 bytes, not " + length);
    }
  }

  /** The name as it travels. */
  public String username() {
    return username;
  }

  /** The password as it is hashed, for other stacks that do that themselves; a secret. */
  public String password() {
    return password;
  }

  /** The attribute that names the user in the clear. */
  public Username nameAttribute() {
    return new Username(username);
  }

  /**
   * The attribute that names the user without showing it (RFC 8489 §14.4).
   *
   * @throws IllegalArgumentException if OpaqueString forbids the realm
   */
  public UserHash hashAttribute(String realm) {
    return hash(username, realm);
  }

  /** What {@link #hashAttribute} makes, for servers that index their users by it. */
  public static UserHash hash(String username, String realm) {
    return new UserHash(
        Digests.digest(
            "SHA-256",
            OpaqueString.require("the user name", username)
                + ":"
                + OpaqueString.require("the realm", IntegrityKey.unquoted(realm))));
  }

  /**
   * The key in a realm.
   *
   * @param algorithm as in {@link IntegrityKey#longTerm}
   * @throws IllegalArgumentException if OpaqueString forbids the realm
   */
  public IntegrityKey key(int algorithm, String realm) {
    return IntegrityKey.longTerm(algorithm, username, realm, password);
  }

  /** Whether name and password are the same. */
  @Override
  public boolean equals(Object other) {
    return other instanceof LongTermCredential that
        && username.equals(that.username)
        && password.equals(that.password);
  }

  @Override
  public int hashCode() {
    return username.hashCode();
  }

  /** Says nothing of either. */
  @Override
  public String toString() {
    return "LongTermCredential";
  }
}
