package dev.culvert.identity;

import dev.culvert.sansio.Bytes;
import java.util.random.RandomGenerator;
import org.bouncycastle.crypto.AsymmetricCipherKeyPair;
import org.bouncycastle.crypto.params.X25519PrivateKeyParameters;
import org.bouncycastle.crypto.params.X25519PublicKeyParameters;

/**
 * What opens the {@link Envelope envelopes} for a peer: an X25519 private key (RFC 7748 §6.1),
 * apart from its identity and replaced often, so that who steals it can open what came lately and
 * nothing else.
 *
 * <p>Immutable and safe for any thread. Its text never tells the key.
 */
public final class SealingKey {
  /** The bytes of a key. */
  public static final int LENGTH = 32;

  private final AsymmetricCipherKeyPair pair;
  private final Bytes publicKey;

  private SealingKey(byte[] secret) {
    X25519PrivateKeyParameters key = new X25519PrivateKeyParameters(secret);
    X25519PublicKeyParameters open = key.generatePublicKey();
    this.pair = new AsymmetricCipherKeyPair(open, key);
    this.publicKey = Bytes.wrap(open.getEncoded());
  }

  /**
   * A new key.
   *
   * @param random a {@link java.security.SecureRandom} for anything but a simulation
   */
  public static SealingKey generate(RandomGenerator random) {
    byte[] secret = new byte[LENGTH];
    random.nextBytes(secret);
    return new SealingKey(secret);
  }

  /** The key of these 32 bytes. */
  static SealingKey of(Bytes secret) {
    return new SealingKey(secret.toByteArray());
  }

  /** What others seal with: 32 bytes. */
  public Bytes publicKey() {
    return publicKey;
  }

  AsymmetricCipherKeyPair pair() {
    return pair;
  }

  @Override
  public String toString() {
    return "SealingKey[" + publicKey.hex() + "]";
  }
}
