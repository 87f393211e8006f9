package dev.culvert.identity;

import dev.culvert.sansio.Bytes;
import java.util.Optional;
import org.bouncycastle.crypto.InvalidCipherTextException;
import org.bouncycastle.crypto.hpke.HPKE;
import org.bouncycastle.crypto.hpke.HPKEContextWithEncapsulation;
import org.bouncycastle.crypto.params.X25519PublicKeyParameters;

/**
 * Hybrid public key encryption in base mode, with X25519, HKDF-SHA256 and AES-128-GCM (RFC 9180
 * §5.1.1): all of it is in every browser, too.
 */
final class Hpke {
  /** What a sealed text has more than its plain one: an ephemeral key and a tag. */
  static final int OVERHEAD = SealingKey.LENGTH + 16;

  private Hpke() {}

  /** It has digests inside, so it is no constant that threads could share. */
  private static HPKE suite() {
    return new HPKE(
        HPKE.mode_base, HPKE.kem_X25519_SHA256, HPKE.kdf_HKDF_SHA256, HPKE.aead_AES_GCM128);
  }

  /**
   * Seals for whoever has the private half of a key; empty if nobody can, because it is none.
   *
   * @param ephemeral used for this once, and then never again
   */
  static Optional<Bytes> seal(
      Bytes publicKey, SealingKey ephemeral, Bytes info, Bytes associated, Bytes plain) {
    try {
      HPKEContextWithEncapsulation context =
          suite()
              .setupBaseS(
                  new X25519PublicKeyParameters(publicKey.toByteArray()),
                  info.toByteArray(),
                  ephemeral.pair());
      byte[] text = context.seal(associated.toByteArray(), plain.toByteArray());
      return Optional.of(Bytes.wrap(context.getEncapsulation()).concat(Bytes.wrap(text)));
    } catch (InvalidCipherTextException | RuntimeException e) {
      return Optional.empty();
    }
  }

  /** Opens; empty for anything that was not sealed like that, for this key. */
  static Optional<Bytes> open(SealingKey key, Bytes info, Bytes associated, Bytes sealed) {
    if (sealed.length() < OVERHEAD) {
      return Optional.empty();
    }
    try {
      byte[] plain =
          suite()
              .setupBaseR(
                  sealed.slice(0, SealingKey.LENGTH).toByteArray(), key.pair(), info.toByteArray())
              .open(associated.toByteArray(), sealed.slice(SealingKey.LENGTH).toByteArray());
      return Optional.of(Bytes.wrap(plain));
    } catch (InvalidCipherTextException | RuntimeException e) {
      // A point of low order is refused by an exception of the runtime.
      return Optional.empty();
    }
  }
}
