package dev.culvert.rendezvous.node;

import dev.culvert.identity.PeerId;
import dev.culvert.sansio.Bytes;
import java.nio.ByteBuffer;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Tokens that show that a peer was here lately, so that it is let in before strangers when many
 * come at once. A token proves nothing else: whoever shows it still has to prove the key that it
 * was made for.
 */
final class ResumeTokens {
  private static final Duration LIFE = Duration.ofHours(24);
  private static final int TAG = 16;

  private final SecretKeySpec secret;

  /**
   * Tokens of one node.
   *
   * @param secret the same after a restart, or they are worth nothing then
   */
  ResumeTokens(Bytes secret) {
    this.secret = new SecretKeySpec(secret.toByteArray(), "HmacSHA256");
  }

  Bytes issue(PeerId peer, Instant now) {
    Bytes expiry = longBytes(now.plus(LIFE).getEpochSecond());
    return expiry.concat(tag(peer, expiry));
  }

  boolean isValid(Bytes token, PeerId peer, Instant now) {
    if (token.length() != 8 + TAG) {
      return false;
    }
    Bytes expiry = token.slice(0, 8);
    return token.slice(8).equalsInConstantTime(tag(peer, expiry))
        && expiry.int64(0) > now.getEpochSecond();
  }

  private Bytes tag(PeerId peer, Bytes expiry) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(secret);
      mac.update(peer.key().asByteBuffer());
      mac.update(expiry.asByteBuffer());
      return Bytes.wrap(mac.doFinal()).slice(0, TAG);
    } catch (NoSuchAlgorithmException | InvalidKeyException e) {
      throw new IllegalStateException("this Java has no HMAC-SHA256", e);
    }
  }

  private static Bytes longBytes(long value) {
    return Bytes.wrap(ByteBuffer.allocate(8).putLong(value).array());
  }
}
