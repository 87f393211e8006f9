package dev.culvert.turn.auth;

import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.stun.LongTermServer;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Nonces of which the server remembers nothing (RFC 8489 §9.2): the second of issue and an HMAC
 * over it and the client's address and port, in 22 characters. Servers that share the secret know
 * each other's. Safe for every thread.
 */
public final class StatelessNonces implements LongTermServer.Nonces {
  /** How many characters a nonce has, without its cookie. */
  public static final int LENGTH = 22;

  /** The fewest bytes of a secret. */
  public static final int MIN_SECRET_LENGTH = 16;

  private static final String ALGORITHM = "HmacSHA256";
  private static final int TAG_LENGTH = 12;

  /** Set back by less, the clock does no harm to nonces that are out already. */
  private static final long SET_BACK_SECONDS = 60;

  private final SecretKeySpec secret;
  private final InstantSource clock;
  private final long lifetimeSeconds;

  /**
   * A source of nonces.
   *
   * @param secret {@link #MIN_SECRET_LENGTH} bytes or more that nobody can guess
   * @param clock the wall clock
   * @param lifetime after which a nonce is stale, 1 s to a day
   */
  public StatelessNonces(Bytes secret, InstantSource clock, Duration lifetime) {
    if (secret.length() < MIN_SECRET_LENGTH) {
      throw new IllegalArgumentException(
          "the secret has at least " + MIN_SECRET_LENGTH + " bytes, not " + secret.length());
    }
    if (lifetime.toSeconds() < 1 || lifetime.compareTo(Duration.ofDays(1)) > 0) {
      throw new IllegalArgumentException("a nonce lives 1 s to a day, not " + lifetime);
    }
    this.secret = new SecretKeySpec(secret.toByteArray(), ALGORITHM);
    this.clock = clock;
    this.lifetimeSeconds = lifetime.toSeconds();
  }

  @Override
  public String issue(TransportAddress client) {
    return nonce((int) clock.instant().getEpochSecond(), client);
  }

  @Override
  public boolean isValid(String nonce, TransportAddress client) {
    Optional<Integer> issued = secondIn(nonce);
    if (issued.isEmpty()) {
      return false;
    }
    // Differences of 32-bit seconds stay right beyond 2106.
    int age = (int) clock.instant().getEpochSecond() - issued.get();
    return age >= -SET_BACK_SECONDS
        && age < lifetimeSeconds
        && Bytes.utf8(nonce).equalsInConstantTime(Bytes.utf8(nonce(issued.get(), client)));
  }

  private static Optional<Integer> secondIn(String nonce) {
    if (nonce.length() != LENGTH) {
      return Optional.empty();
    }
    try {
      return Optional.of(ByteBuffer.wrap(Base64.getUrlDecoder().decode(nonce)).getInt());
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private String nonce(int second, TransportAddress client) {
    byte[] ip = client.ip().getAddress();
    ByteBuffer text = ByteBuffer.allocate(6 + ip.length);
    text.putInt(second).putShort((short) client.port()).put(ip);
    ByteBuffer nonce = ByteBuffer.allocate(4 + TAG_LENGTH);
    nonce.putInt(second).put(hmac(text.array()), 0, TAG_LENGTH);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(nonce.array());
  }

  private byte[] hmac(byte[] text) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(secret);
      return mac.doFinal(text);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has " + ALGORITHM, e);
    }
  }
}
