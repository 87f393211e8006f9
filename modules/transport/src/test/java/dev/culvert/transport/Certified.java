package dev.culvert.transport;

import dev.culvert.identity.CertificateSpec;
import dev.culvert.identity.Certificates;
import dev.culvert.identity.CertifiedKey;
import dev.culvert.identity.Keys;
import java.net.InetAddress;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Certificates for servers in tests. */
final class Certified {
  static final SecureRandom RANDOM = new SecureRandom();
  static final CertifiedKey AUTHORITY = authority("authority of the test");
  static final CertifiedKey OTHER_AUTHORITY = authority("somebody else");

  private Certified() {}

  private static CertifiedKey authority(String name) {
    CertificateSpec spec = new CertificateSpec(List.of(name), List.of(), from(), until(), true);
    return Certificates.selfMade(Keys.generateP256(RANDOM), spec, RANDOM);
  }

  static Instant from() {
    return Instant.now().minus(Duration.ofDays(1));
  }

  static Instant until() {
    return Instant.now().plus(Duration.ofDays(1));
  }

  static CertificateSpec spec(List<String> names, List<InetAddress> ips) {
    return new CertificateSpec(names, ips, from(), until(), false);
  }

  static CertifiedKey issued(CertifiedKey authority, CertificateSpec spec) {
    return Certificates.issue(authority, Keys.generateP256(RANDOM), spec, RANDOM);
  }

  static CertifiedKey selfMade(KeyPair key) {
    return Certificates.selfMade(key, spec(List.of("self.example"), List.of()), RANDOM);
  }

  static ServerCertificate server(CertifiedKey key) {
    return new ServerCertificate(key.privateKey(), key.chain());
  }
}
