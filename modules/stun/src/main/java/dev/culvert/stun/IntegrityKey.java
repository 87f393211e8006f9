package dev.culvert.stun;

import dev.culvert.sansio.Bytes;
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
