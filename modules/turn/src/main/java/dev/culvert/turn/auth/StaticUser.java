package dev.culvert.turn.auth;

import dev.culvert.sansio.Bytes;
import dev.culvert.stun.IntegrityKey;
import dev.culvert.stun.LongTermCredential;
import dev.culvert.stun.attribute.PasswordAlgorithm;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A user by name with a password, or with a key that was made of one (RFC 8489 §9.2.2). Its text
 * form shows neither.
 */
public final class StaticUser {
  private static final Pattern KEY = Pattern.compile("0x(?:[0-9a-fA-F]{32}|[0-9a-fA-F]{64})");

  private final String name;
  private final Optional<LongTermCredential> password;
  private final Optional<IntegrityKey> key;
  private final int keyAlgorithm;

  private StaticUser(
      String name,
      Optional<LongTermCredential> password,
      Optional<IntegrityKey> key,
      int keyAlgorithm) {
    this.name = name;
    this.password = password;
    this.key = key;
    this.keyAlgorithm = keyAlgorithm;
  }

  /**
   * A user with a password.
   *
   * @throws IllegalArgumentException if OpaqueString forbids one of them, or the name is too long
   */
  public static StaticUser withPassword(String name, String password) {
    LongTermCredential credential = new LongTermCredential(name, password);
    return new StaticUser(credential.username(), Optional.of(credential), Optional.empty(), 0);
  }

  /**
   * A user of whom only a key is known; it holds in one realm.
   *
   * @param key 16 bytes: the MD5 of {@code name:realm:password}; 32 bytes: its SHA-256
   * @throws IllegalArgumentException if OpaqueString forbids the name, it is too long, or the key
   *     has another length
   */
  public static StaticUser withKey(String name, Bytes key) {
    String prepared = new LongTermCredential(name, "x").username();
    int algorithm =
        switch (key.length()) {
          case 16 -> PasswordAlgorithm.MD5;
          case 32 -> PasswordAlgorithm.SHA_256;
          default -> throw new IllegalArgumentException("a key has 16 or 32 bytes");
        };
    return new StaticUser(prepared, Optional.empty(), Optional.of(IntegrityKey.of(key)), algorithm);
  }

  /**
   * Reads {@code NAME:PASSWORD}, or {@code NAME:0xKEY} with 32 or 64 hexadecimal digits, which
   * stand for a key.
   *
   * @throws IllegalArgumentException if it is neither; the message does not show what was read
   */
  public static StaticUser parse(String text) {
    int colon = text.indexOf(':');
    if (colon < 1 || colon == text.length() - 1) {
      throw new IllegalArgumentException("a user is NAME:PASSWORD");
    }
    String name = text.substring(0, colon);
    String secret = text.substring(colon + 1);
    return KEY.matcher(secret).matches()
        ? withKey(name, Bytes.hex(secret.substring(2)))
        : withPassword(name, secret);
  }

  /** The name in its prepared form. */
  public String name() {
    return name;
  }

  /** The algorithms for which there is a key. */
  Set<Integer> algorithms() {
    return password.isPresent()
        ? Set.of(PasswordAlgorithm.MD5, PasswordAlgorithm.SHA_256)
        : Set.of(keyAlgorithm);
  }

  /** The key for an algorithm; empty if only a key for another is known. */
  Optional<IntegrityKey> key(int algorithm, RelayRealm realm) {
    return password
        .map(credential -> credential.key(algorithm, realm.name()))
        .or(() -> key.filter(known -> algorithm == keyAlgorithm));
  }

  /** The name alone. */
  @Override
  public String toString() {
    return "StaticUser[" + name + "]";
  }
}
