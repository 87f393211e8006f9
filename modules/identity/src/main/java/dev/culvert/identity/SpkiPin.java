package dev.culvert.identity;

import dev.culvert.sansio.Bytes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.Optional;

/**
 * What a public key is known by: the SHA-256 of its SubjectPublicKeyInfo (RFC 7469 §2.4).
 *
 * @param sha256 32 bytes
 */
public record SpkiPin(Bytes sha256) {
  private static final String PREFIX = "sha256//";

  /** What stands before the 32 bytes of any Ed25519 key in a SubjectPublicKeyInfo. */
  private static final Bytes ED25519 = Bytes.hex("302a300506032b6570032100");

  /** Refuses anything but 32 bytes. */
  public SpkiPin {
    if (sha256.length() != 32) {
      throw new IllegalArgumentException("a SHA-256 pin has 32 bytes, not " + sha256.length());
    }
  }

  /** The pin of {@code key}. */
  public static SpkiPin of(PublicKey key) {
    return ofEncoded(Bytes.copyOf(key.getEncoded()));
  }

  /** The pin of a peer's key, as in a certificate that it made itself (RFC 8410 §4). */
  public static SpkiPin of(PeerId peer) {
    return ofEncoded(ED25519.concat(peer.key()));
  }

  private static SpkiPin ofEncoded(Bytes encoded) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(encoded.toByteArray());
      return new SpkiPin(Bytes.wrap(digest));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this Java has no SHA-256", e);
    }
  }

  /** The pin of the key that {@code certificate} is about. */
  public static SpkiPin of(X509Certificate certificate) {
    return of(certificate.getPublicKey());
  }

  /** Reads what {@link #toString} wrote. */
  public static Optional<SpkiPin> parse(String text) {
    if (!text.startsWith(PREFIX)) {
      return Optional.empty();
    }
    try {
      byte[] digest = Base64.getDecoder().decode(text.substring(PREFIX.length()));
      return digest.length == 32 ? Optional.of(new SpkiPin(Bytes.wrap(digest))) : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** {@code sha256//} and Base64, the form that curl's {@code --pinnedpubkey} takes too. */
  @Override
  public String toString() {
    return PREFIX + Base64.getEncoder().encodeToString(sha256.toByteArray());
  }
}
