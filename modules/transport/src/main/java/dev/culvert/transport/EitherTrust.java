package dev.culvert.transport;

import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;

/** Demands one key, or else a certificate for a name. */
final class EitherTrust extends ServerTrust {
  private final PinnedTrust key;
  private final NamedTrust name;

  EitherTrust(PinnedTrust key, NamedTrust name) {
    this.key = key;
    this.name = name;
  }

  @Override
  void check(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    try {
      key.check(chain, authType, engine);
    } catch (UntrustedServerException otherKey) {
      try {
        name.check(chain, authType, engine);
      } catch (UntrustedServerException e) {
        throw new UntrustedServerException(otherKey.getMessage() + "; and " + e.getMessage());
      }
    }
  }
}
