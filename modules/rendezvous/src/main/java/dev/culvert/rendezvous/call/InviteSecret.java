package dev.culvert.rendezvous.call;

import dev.culvert.identity.PeerId;
import dev.culvert.sansio.Bytes;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * What an invited peer has, and shows without telling it. Its text never tells the secret.
 *
 * @param secret 16 random bytes or more
 * @param expiry when it is void
 * @param once whether it is for one peer alone, the first that shows it, which may call again
 */
public record InviteSecret(Bytes secret, Instant expiry, boolean once) {
  private static final int SHORTEST = 16;
  private static final Bytes PURPOSE = Bytes.utf8("culvert-invited-1");

  /** Refuses what could be guessed. */
  public InviteSecret {
    if (secret.length() < SHORTEST) {
      throw new IllegalArgumentException("a secret has 16 bytes or more, not " + secret.length());
    }
  }

  /** What shows a callee that the caller has the secret. */
  static Bytes proof(Bytes secret, Bytes session, PeerId caller, PeerId callee) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret.toByteArray(), "HmacSHA256"));
      mac.update(PURPOSE.asByteBuffer());
      mac.update(session.asByteBuffer());
      mac.update(caller.key().asByteBuffer());
      mac.update(callee.key().asByteBuffer());
      return Bytes.wrap(mac.doFinal());
    } catch (NoSuchAlgorithmException | InvalidKeyException e) {
      throw new IllegalStateException("this Java has no HMAC-SHA256", e);
    }
  }

  @Override
  public String toString() {
    return "InviteSecret[" + expiry + ", " + once + "]";
  }
}
