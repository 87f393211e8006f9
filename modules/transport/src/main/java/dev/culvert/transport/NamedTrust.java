package dev.culvert.transport;

import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Demands a certificate for a name that a trusted authority vouches for. The JDK builds the path
 * and compares names; RFC 9525 is stricter than it, so names are compared once more.
 */
final class NamedTrust extends ServerTrust {
  private final X509ExtendedTrustManager authorities;
  private final String name;

  NamedTrust(X509ExtendedTrustManager authorities, String name) {
    this.authorities = authorities;
    this.name = name;
  }

  @Override
  void check(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    ServerNames.check(chain[0], name);
    try {
      authorities.checkServerTrusted(chain, authType, engine);
    } catch (CertificateException e) {
      throw new UntrustedServerException(explain(chain[0], e));
    }
  }

  private static String explain(X509Certificate certificate, CertificateException failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof CertificateExpiredException) {
        return "a certificate of the server has expired (its own is valid until "
            + certificate.getNotAfter().toInstant()
            + ")";
      }
      if (cause instanceof CertificateNotYetValidException) {
        return "a certificate of the server is not valid yet (its own is from "
            + certificate.getNotBefore().toInstant()
            + "); is the clock right?";
      }
    }
    boolean ownIssuer =
        certificate.getIssuerX500Principal().equals(certificate.getSubjectX500Principal());
    return "no trusted authority vouches for the server's certificate ("
        + (ownIssuer
            ? "self-signed as " + certificate.getSubjectX500Principal()
            : "issued by " + certificate.getIssuerX500Principal())
        + pin(certificate)
        + ")"
        + furtherWords(failure);
  }

  /** The key's pin, for people to compare with what the server's owner says. */
  private static String pin(X509Certificate certificate) {
    try {
      return ", its key is " + PinnedTrust.pin(certificate);
    } catch (CertificateException e) {
      return "";
    }
  }

  /** What the JDK says in the end, unless it is only that it found no authority. */
  private static String furtherWords(CertificateException failure) {
    Throwable last = failure;
    while (last.getCause() != null) {
      last = last.getCause();
    }
    String words = last.getMessage();
    return words == null || words.contains("unable to find valid certification path")
        ? ""
        : ": " + words;
  }
}
