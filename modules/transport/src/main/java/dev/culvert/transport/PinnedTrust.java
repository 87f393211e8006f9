package dev.culvert.transport;

import dev.culvert.sansio.Bytes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Base64;
import javax.net.ssl.SSLEngine;

/**
 * Demands one key, whoever vouches for it and until whenever; that the server has the private key
 * the handshake itself proves.
 */
final class PinnedTrust extends ServerTrust {
  private final Bytes sha256;

  PinnedTrust(Bytes sha256) {
    this.sha256 = sha256;
  }

  @Override
  void check(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    Bytes shown = sha256(chain[0].getPublicKey().getEncoded());
    if (!shown.equalsInConstantTime(sha256)) {
      throw new UntrustedServerException(
          "the server has another key than the pinned one: "
              + text(shown)
              + ", not "
              + text(sha256));
    }
  }

  /** As people write the pin of a certificate's key. */
  static String pin(X509Certificate certificate) throws CertificateException {
    return text(sha256(certificate.getPublicKey().getEncoded()));
  }

  private static Bytes sha256(byte[] subjectPublicKeyInfo) throws CertificateException {
    try {
      return Bytes.wrap(MessageDigest.getInstance("SHA-256").digest(subjectPublicKeyInfo));
    } catch (NoSuchAlgorithmException e) {
      throw new CertificateException(e);
    }
  }

  private static String text(Bytes digest) {
    return "sha256//" + Base64.getEncoder().encodeToString(digest.toByteArray());
  }
}
