package dev.culvert.transport;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * What a TLS or DTLS server proves itself with.
 *
 * @param privateKey belongs to the first certificate; EC, RSA or Ed25519, encoded as PKCS#8 version
 *     0 if it has an encoding
 * @param chain the server's own certificate first, each further one vouching for the one before
 */
public record ServerCertificate(PrivateKey privateKey, List<X509Certificate> chain) {

  /** Copies the list; refuses an empty one. */
  public ServerCertificate {
    chain = List.copyOf(chain);
    if (chain.isEmpty()) {
      throw new IllegalArgumentException("a server needs a certificate");
    }
  }

  /** Tells the certificate's subject, never the key. */
  @Override
  public String toString() {
    return "ServerCertificate[" + chain.get(0).getSubjectX500Principal() + "]";
  }
}
