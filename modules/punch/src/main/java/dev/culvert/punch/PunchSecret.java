package dev.culvert.punch;

import dev.culvert.sansio.Bytes;
import dev.culvert.stun.IntegrityKey;
import java.security.GeneralSecurityException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * What two peers share for one attempt: it proves their packets. Its text form does not show it.
 */
public final class PunchSecret {
  private static final int SHORTEST_KEY = 16;

  private final IntegrityKey integrity;
  private final long tag;

  private PunchSecret(IntegrityKey integrity, long tag) {
    this.integrity = integrity;
    this.tag = tag;
  }

  /**
   * The secret of one attempt.
   *
   * @param key what both sides of the call know and nobody else, 16 bytes or more
   * @param generation the number of the attempt; packets of one prove nothing in another
   * @throws IllegalArgumentException for a shorter key
   */
  public static PunchSecret of(Bytes key, long generation) {
    if (key.length() < SHORTEST_KEY) {
      throw new IllegalArgumentException("the key of a call has 16 bytes or more");
    }
    Bytes made = hmac(key, "culvert punch " + generation);
    return new PunchSecret(IntegrityKey.of(hmac(made, "integrity")), hmac(made, "tag").int64(0));
  }

  /** What stands in the clear in each packet, so that it finds its way to its attempt. */
  public long tag() {
    return tag;
  }

  IntegrityKey integrity() {
    return integrity;
  }

  private static Bytes hmac(Bytes key, String text) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key.toByteArray(), "HmacSHA256"));
      mac.update(Bytes.utf8(text).asByteBuffer());
      return Bytes.wrap(mac.doFinal());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has HmacSHA256", e);
    }
  }

  /** Says nothing of the key. */
  @Override
  public String toString() {
    return "PunchSecret";
  }
}
