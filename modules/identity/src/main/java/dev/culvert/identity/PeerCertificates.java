package dev.culvert.identity;

import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;

/**
 * Certificates that peers make for themselves; whom they are about is told by the key alone (the
 * names, dates and signature of a certificate prove nothing that the handshake does not). Safe for
 * any thread.
 */
public final class PeerCertificates {
  private PeerCertificates() {}

  /** A certificate of the peer for its own key, with that key in a form that TLS libraries take. */
  public static CertifiedKey selfMade(
      PeerKey key, Instant notBefore, Instant notAfter, SecureRandom random) {
    CertificateSpec spec = new CertificateSpec(List.of(), List.of(), notBefore, notAfter, false);
    return Certificates.selfMade(key.toKeyPair(), spec, random);
  }

  /** Whether a certificate is about this peer and no other. */
  public static boolean isOf(PeerId expected, X509Certificate certificate) {
    return PeerId.of(certificate).filter(expected::equals).isPresent();
  }
}
