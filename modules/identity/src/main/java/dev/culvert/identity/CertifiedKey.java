package dev.culvert.identity;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * A private key and the certificates that show whose it is.
 *
 * @param privateKey belongs to the first certificate
 * @param chain its own certificate first, each further one vouching for the one before
 */
public record CertifiedKey(PrivateKey privateKey, List<X509Certificate> chain) {

  /** Copies the list; refuses an empty chain and a key that is not the first certificate's. */
  public CertifiedKey {
    chain = List.copyOf(chain);
    if (chain.isEmpty() || !Keys.match(privateKey, chain.get(0).getPublicKey())) {
      throw new IllegalArgumentException("the private key and the first certificate do not match");
    }
  }

  /** Its own certificate. */
  public X509Certificate certificate() {
    return chain.get(0);
  }

  /** What its public key is known by. */
  public SpkiPin pin() {
    return SpkiPin.of(certificate());
  }

  /** Tells the certificate's subject and pin, never the key. */
  @Override
  public String toString() {
    return "CertifiedKey[" + certificate().getSubjectX500Principal() + ", " + pin() + "]";
  }
}
