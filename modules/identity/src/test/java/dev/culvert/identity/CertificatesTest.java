package dev.culvert.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.sansio.IpLiterals;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CertificatesTest {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final Instant FROM = Instant.parse("2026-01-01T00:00:00Z");
  private static final Instant UNTIL = Instant.parse("2027-01-01T00:00:00Z");

  static CertificateSpec spec(boolean authority, String... names) {
    return new CertificateSpec(
        List.of(names),
        List.of(IpLiterals.parse("192.0.2.1").orElseThrow()),
        FROM,
        UNTIL,
        authority);
  }

  @Test
  void aSelfMadeCertificateSaysWhatItShall() throws GeneralSecurityException {
    for (KeyPair key : List.of(Keys.generateEd25519(RANDOM), Keys.generateP256(RANDOM))) {
      X509Certificate certificate =
          Certificates.selfMade(key, spec(false, "a.example", "b.example"), RANDOM).certificate();
      certificate.verify(key.getPublic());
      assertEquals(FROM, certificate.getNotBefore().toInstant());
      assertEquals(UNTIL, certificate.getNotAfter().toInstant());
      assertEquals(-1, certificate.getBasicConstraints());
      List<Object> names = new ArrayList<>();
      certificate.getSubjectAlternativeNames().forEach(name -> names.add(name.get(1)));
      assertEquals(List.of("a.example", "b.example", "192.0.2.1"), names);
    }
  }

  @Test
  void anAuthorityVouchesForAnother() throws GeneralSecurityException {
    CertifiedKey authority =
        Certificates.selfMade(Keys.generateP256(RANDOM), spec(true, "authority"), RANDOM);
    CertifiedKey server =
        Certificates.issue(
            authority, Keys.generateEd25519(RANDOM), spec(false, "a.example"), RANDOM);
    server.certificate().verify(authority.certificate().getPublicKey());
    assertTrue(authority.certificate().getBasicConstraints() >= 0);
    assertEquals(2, server.chain().size());
  }

  @Test
  void aCertifiedKeyIsOneKey() {
    CertifiedKey one = Certificates.selfMade(Keys.generateP256(RANDOM), spec(false, "a"), RANDOM);
    CertifiedKey other = Certificates.selfMade(Keys.generateP256(RANDOM), spec(false, "a"), RANDOM);
    assertThrows(
        IllegalArgumentException.class, () -> new CertifiedKey(one.privateKey(), other.chain()));
    assertFalse(one.toString().contains("PrivateKey"));
  }

  @Test
  void aPinIsTheKeysAndReadsBack() {
    KeyPair key = Keys.generateP256(RANDOM);
    SpkiPin pin = Certificates.selfMade(key, spec(false, "a"), RANDOM).pin();
    assertEquals(pin, Certificates.selfMade(key, spec(false, "b"), RANDOM).pin());
    assertEquals(Optional.of(pin), SpkiPin.parse(pin.toString()));
    for (String wrong : List.of("", "sha256//", "sha256//AAAA", "sha256//!", "md5//AAAA")) {
      assertEquals(Optional.empty(), SpkiPin.parse(wrong));
    }
  }
}
