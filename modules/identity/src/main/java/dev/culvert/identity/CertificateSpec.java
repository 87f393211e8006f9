package dev.culvert.identity;

import java.net.InetAddress;
import java.time.Instant;
import java.util.List;

/**
 * What a certificate shall say.
 *
 * @param dnsNames host names it is for; the first also stands as the common name
 * @param ips addresses it is for
 * @param notBefore the moment from which it is valid, to the second
 * @param notAfter the moment until which it is valid, to the second
 * @param authority whether it may vouch for other certificates
 */
public record CertificateSpec(
    List<String> dnsNames,
    List<InetAddress> ips,
    Instant notBefore,
    Instant notAfter,
    boolean authority) {

  /** Copies the lists; refuses a period that ends before it begins. */
  public CertificateSpec {
    dnsNames = List.copyOf(dnsNames);
    ips = List.copyOf(ips);
    if (notAfter.isBefore(notBefore)) {
      throw new IllegalArgumentException("valid until " + notAfter + " but from " + notBefore);
    }
  }
}
