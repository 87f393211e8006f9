package dev.culvert.identity;

import dev.culvert.sansio.Bytes;
import java.util.Optional;
import org.bouncycastle.crypto.InvalidCipherTextException;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.engines.AESEngine;
import org.bouncycastle.crypto.generators.HKDFBytesGenerator;
import org.bouncycastle.crypto.macs.HMac;
import org.bouncycastle.crypto.modes.GCMBlockCipher;
import org.bouncycastle.crypto.modes.GCMModeCipher;
import org.bouncycastle.crypto.params.AEADParameters;
import org.bouncycastle.crypto.params.HKDFParameters;
import org.bouncycastle.crypto.params.KeyParameter;

/**
 * What both sides of a {@link PasswordExchange} have in the end. Keys for different purposes are
 * derived from it (RFC 5869), so that none tells anything of another.
 *
 * <p>Immutable and safe for any thread. Its text never tells the secret.
 */
public final class SharedSecret {
  /** The bytes of a {@link #confirmation}. */
  public static final int CONFIRMATION = 32;

  /** What a sealed text has more than its plain one. */
  public static final int OVERHEAD = 16;

  private static final String CONFIRM = "rdv1-code-confirm-";
  private static final int KEY = 32;
  private static final int NONCE = 12;

  private final PasswordExchange.Role role;
  private final Bytes key;
  private final Bytes transcript;

  private SharedSecret(PasswordExchange.Role role, Bytes key, Bytes transcript) {
    this.role = role;
    this.key = key;
    this.transcript = transcript;
  }

  /** The secret of an exchange in which all this was said: host, guest, host, guest. */
  static SharedSecret of(PasswordExchange.Role role, Bytes key, Bytes said) {
    SHA256Digest digest = new SHA256Digest();
    byte[] bytes = said.toByteArray();
    digest.update(bytes, 0, bytes.length);
    byte[] hash = new byte[digest.getDigestSize()];
    digest.doFinal(hash, 0);
    return new SharedSecret(role, key, Bytes.wrap(hash));
  }

  /** Shows to the other side that this one has the same secret (RFC 8236 §5). */
  public Bytes confirmation() {
    return confirmation(role);
  }

  /** Whether this is the {@link #confirmation} of the other side. */
  public boolean confirms(Bytes theirs) {
    return confirmation(role.other()).equalsInConstantTime(theirs);
  }

  private Bytes confirmation(PasswordExchange.Role of) {
    HMac mac = new HMac(new SHA256Digest());
    mac.init(new KeyParameter(derive(CONFIRM + of.word(), KEY).toByteArray()));
    mac.update(transcript.toByteArray(), 0, transcript.length());
    byte[] tag = new byte[mac.getMacSize()];
    mac.doFinal(tag, 0);
    return Bytes.wrap(tag);
  }

  /**
   * Bytes that both sides have, and nobody else.
   *
   * @param purpose ASCII; another one gives other bytes
   * @param length 1 to 255 times 32
   */
  public Bytes derive(String purpose, int length) {
    HKDFBytesGenerator generator = new HKDFBytesGenerator(new SHA256Digest());
    generator.init(
        new HKDFParameters(
            key.toByteArray(), transcript.toByteArray(), Bytes.utf8(purpose).toByteArray()));
    byte[] bytes = new byte[length];
    generator.generateBytes(bytes, 0, length);
    return Bytes.wrap(bytes);
  }

  /**
   * Seals for the other side, with AES-256-GCM.
   *
   * @param purpose seals once and no more, as its key has a single nonce
   */
  public Bytes seal(String purpose, Bytes plain) {
    try {
      return crypt(true, purpose, plain);
    } catch (InvalidCipherTextException e) {
      throw new IllegalStateException("sealing does not fail", e);
    }
  }

  /** Opens what the other side sealed for that purpose; empty for anything else. */
  public Optional<Bytes> open(String purpose, Bytes sealed) {
    try {
      return sealed.length() < OVERHEAD
          ? Optional.empty()
          : Optional.of(crypt(false, purpose, sealed));
    } catch (InvalidCipherTextException e) {
      return Optional.empty();
    }
  }

  private Bytes crypt(boolean seal, String purpose, Bytes in) throws InvalidCipherTextException {
    GCMModeCipher cipher = GCMBlockCipher.newInstance(AESEngine.newInstance());
    KeyParameter secret = new KeyParameter(derive(purpose, KEY).toByteArray());
    cipher.init(seal, new AEADParameters(secret, OVERHEAD * 8, new byte[NONCE]));
    byte[] out = new byte[cipher.getOutputSize(in.length())];
    int done = cipher.processBytes(in.toByteArray(), 0, in.length(), out, 0);
    cipher.doFinal(out, done);
    return Bytes.wrap(out);
  }

  @Override
  public String toString() {
    return "SharedSecret[" + role + "]";
  }
}
