package dev.culvert.transport.quic;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * An Ed25519 key and the certificate that shows it. The native library gets no other: a key of
 * another kind, or in another encoding, would end the process there.
 *
 * @param privateKey encoded as PKCS#8 version 0 (RFC 8410 §7)
 * @param certificate about its public key
 */
public record QuicIdentity(PrivateKey privateKey, X509Certificate certificate) {
  private static final byte[] ED25519_VERSION_0 =
      HexFormat.of().parseHex("302e020100300506032b657004220420");
  private static final byte[] ED25519_PUBLIC = HexFormat.of().parseHex("302a300506032b6570032100");
  private static final int LENGTH = 32;

  /** Refuses every key but Ed25519 in exactly that encoding. */
  public QuicIdentity {
    if (!isOf(privateKey.getEncoded(), ED25519_VERSION_0)) {
      throw new IllegalArgumentException(
          "no Ed25519 private key in PKCS#8 version 0, and no other may go to the QUIC library");
    }
    if (!isOf(certificate.getPublicKey().getEncoded(), ED25519_PUBLIC)) {
      throw new IllegalArgumentException("the certificate is not about an Ed25519 key");
    }
  }

  private static boolean isOf(byte @Nullable [] encoded, byte[] prefix) {
    return encoded != null
        && encoded.length == prefix.length + LENGTH
        && Arrays.equals(encoded, 0, prefix.length, prefix, 0, prefix.length);
  }

  /** Tells whose it is, never the key. */
  @Override
  public String toString() {
    return "QuicIdentity[" + certificate.getSubjectX500Principal() + "]";
  }
}
