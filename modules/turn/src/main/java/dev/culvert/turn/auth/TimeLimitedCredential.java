package dev.culvert.turn.auth;

import dev.culvert.sansio.Bytes;
import dev.culvert.stun.LongTermCredential;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A user name and password that a holder of a shared secret made for somebody, good until a moment
 * ("A REST API for access to TURN services", draft-uberti-behave-turn-rest-00). Its text form does
 * not show the password.
 *
 * @param username {@code EXPIRY} or {@code EXPIRY:NAME}, the expiry in seconds since 1970
 * @param password what the secret makes of the name
 * @param expiry when it ends, in whole seconds
 */
public record TimeLimitedCredential(String username, String password, Instant expiry) {
  private static final String ALGORITHM = "HmacSHA256";

  /** So many bytes tell keys apart. */
  private static final int NAME = 16;

  /**
   * Makes one.
   *
   * @param secret shared with the relay, of at least one character
   * @param name whose it is; empty for nobody in particular
   * @param expiry when it ends; parts of a second are cut off
   * @throws IllegalArgumentException if there is no secret, the expiry lies before 1970, or no STUN
   *     message can hold the name
   */
  public static TimeLimitedCredential mint(String secret, String name, Instant expiry) {
    long seconds = expiry.getEpochSecond();
    if (secret.isEmpty()) {
      throw new IllegalArgumentException("a shared secret has at least one character");
    }
    if (seconds < 1 || seconds > 9_999_999_999L) {
      throw new IllegalArgumentException("an expiry has one to ten digits, not " + seconds);
    }
    String username = name.isEmpty() ? Long.toString(seconds) : seconds + ":" + name;
    String prepared = new LongTermCredential(username, "x").username();
    return new TimeLimitedCredential(
        prepared, TimeLimitedUsers.password(secret, prepared), Instant.ofEpochSecond(seconds));
  }

  /**
   * Makes one for whoever holds a key. User names are sent in the clear, so this one does not show
   * the key to those who do not know the secret; it is the same name for a key until the secret is
   * another, so that what one user may have is what one key may have.
   *
   * @param secret as of {@link #mint}
   * @param key a public key
   * @param expiry as of {@link #mint}
   */
  public static TimeLimitedCredential forKey(String secret, Bytes key, Instant expiry) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), ALGORITHM));
      Bytes hmac = Bytes.wrap(mac.doFinal(key.toByteArray()));
      return mint(secret, hmac.slice(0, NAME).hex(), expiry);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has " + ALGORITHM, e);
    }
  }

  /** The same for a client. */
  public LongTermCredential forClient() {
    return new LongTermCredential(username, password);
  }

  /** The name and the expiry alone. */
  @Override
  public String toString() {
    return "TimeLimitedCredential[" + username + "]";
  }
}
