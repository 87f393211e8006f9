package dev.culvert.transport;

import java.security.cert.CertificateException;

/** A server that did not prove to be who it must be; the message is one line for people. */
final class UntrustedServerException extends CertificateException {
  private static final long serialVersionUID = 1;

  UntrustedServerException(String message) {
    super(message);
  }
}
