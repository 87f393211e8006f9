package dev.culvert.stun;

import dev.culvert.sansio.Bytes;
import dev.culvert.stun.attribute.PasswordAlgorithm;
import java.security.GeneralSecurityException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** The secret that protects messages (RFC 8489 §9.1.1, §9.2.2). Its text form does not show it. */
public final class IntegrityKey {
  private final Bytes key;

  private IntegrityKey(Bytes key) {
    if (key.isEmpty()) {
      throw new IllegalArgumentException("a key has at least one byte");
    }
    this.key = key;
  }

  /** A key of which the bytes are known, for example from a database of H(A1) values. */
  public static IntegrityKey of(Bytes key) {
    return new IntegrityKey(key);
  }

  /**
   * The key of a short-term credential (RFC 8489 §9.1.1).
   *
   * @throws IllegalArgumentException if OpaqueString forbids the password
   */
  public static IntegrityKey shortTerm(String password) {
    return new IntegrityKey(Bytes.utf8(OpaqueString.require("the password", password)));
  }

  /**
   * The key of a long-term credential (RFC 8489 §9.2.2, §18.5.1).
   *
   * @param algorithm {@link PasswordAlgorithm#MD5} or {@link PasswordAlgorithm#SHA_256}
   * @throws IllegalArgumentException if the algorithm is another, or OpaqueString forbids the name,
   *     the realm or the password
   */
  public static IntegrityKey longTerm(
      int algorithm, String username, String realm, String password) {
    String text =
        OpaqueString.require("the user name", username)
            + ":"
            + OpaqueString.require("the realm", unquoted(realm))
            + ":"
            + OpaqueString.require("the password", password);
    return new IntegrityKey(Digests.digest(digestName(algorithm), text));
  }

  /** Whether {@link #longTerm} knows the algorithm; the registered ones take no parameters. */
  public static boolean isSupported(PasswordAlgorithm algorithm) {
    return (algorithm.algorithm() == PasswordAlgorithm.MD5
            || algorithm.algorithm() == PasswordAlgorithm.SHA_256)
        && algorithm.parameters().isEmpty();
  }

  /** RFC 8489 §9.2.2: without quotes and trailing nulls, which some servers send. */
  static String unquoted(String realm) {
    String text = realm;
    while (text.endsWith("\0")) {
      text = text.substring(0, text.length() - 1);
    }
    boolean quoted = text.length() > 1 && text.startsWith("\"") && text.endsWith("\"");
    return quoted ? text.substring(1, text.length() - 1) : text;
  }

  private static String digestName(int algorithm) {
    return switch (algorithm) {
      case PasswordAlgorithm.MD5 -> "MD5";
      case PasswordAlgorithm.SHA_256 -> "SHA-256";
      default ->
          throw new IllegalArgumentException("no password algorithm has number " + algorithm);
    };
  }

  Bytes hmacSha1(Bytes first, Bytes second) {
    return hmac("HmacSHA1", first, second);
  }

  Bytes hmacSha256(Bytes first, Bytes second) {
    return hmac("HmacSHA256", first, second);
  }

  private Bytes hmac(String algorithm, Bytes first, Bytes second) {
    try {
      Mac mac = Mac.getInstance(algorithm);
      mac.init(new SecretKeySpec(key.toByteArray(), algorithm));
      mac.update(first.asByteBuffer());
      mac.update(second.asByteBuffer());
      return Bytes.wrap(mac.doFinal());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has " + algorithm, e);
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof IntegrityKey that && key.equalsInConstantTime(that.key);
  }

  @Override
  public int hashCode() {
    return key.hashCode();
  }

  /** Says nothing of the key. */
  @Override
  public String toString() {
    return "IntegrityKey";
  }
}
