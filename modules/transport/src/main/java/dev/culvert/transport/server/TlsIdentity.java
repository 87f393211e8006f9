package dev.culvert.transport.server;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * With what a TLS server proves who it is.
 *
 * @param key the private key of the first certificate
 * @param chain the server's certificate first, then its issuers'; not empty
 */
public record TlsIdentity(PrivateKey key, List<X509Certificate> chain) {
  /** Refuses an empty chain. */
  public TlsIdentity {
    chain = List.copyOf(chain);
    if (chain.isEmpty()) {
      throw new IllegalArgumentException("a server needs a certificate");
    }
  }
}
