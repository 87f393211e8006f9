package dev.culvert.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.bouncycastle.util.io.pem.PemObject;
import org.bouncycastle.util.io.pem.PemWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PemTest {
  private static final SecureRandom RANDOM = new SecureRandom();

  /** Files that OpenSSL 3.0 wrote. */
  private static String resource(String name) throws IOException {
    try (InputStream in = PemTest.class.getResourceAsStream(name)) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.US_ASCII);
    }
  }

  private static CertifiedKey selfMade(KeyPair key) {
    return Certificates.selfMade(key, CertificatesTest.spec(false, "a.example"), RANDOM);
  }

  private static void assertFault(String message, Executable call) {
    assertEquals(message, assertThrows(PemException.class, call).getMessage());
  }

  @ParameterizedTest
  @CsvSource({"ed25519.pem, EdDSA", "p256-sec1.pem, EC", "rsa-pkcs1.pem, RSA"})
  void readsKeysOfEveryUsualForm(String file, String algorithm) throws Exception {
    PrivateKey key = Pem.readPrivateKey(resource(file), file);
    assertEquals(algorithm, key.getAlgorithm());
    assertEquals(key, Pem.readPrivateKey(Pem.write(key), "again"));
    assertTrue(Pem.write(key).startsWith("-----BEGIN PRIVATE KEY-----\n"));
  }

  @Test
  void readsVersion1OfPkcs8AndWritesVersion0() throws Exception {
    // RFC 8410 §10.3, the key with its public key in it.
    String version1 =
        """
        -----BEGIN PRIVATE KEY-----
        MHICAQEwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC
        oB8wHQYKKoZIhvcNAQkJFDEPDA1DdXJkbGUgQ2hhaXJzgSEAGb9ECWmEzf6FQbrB
        Z9w7lshQhqowtrbLDFw4rXAxZuE=
        -----END PRIVATE KEY-----
        """;
    PrivateKey key = Pem.readPrivateKey(version1, "key.pem");
    assertEquals(48, key.getEncoded().length);
    // The same key in the section's first form.
    assertEquals(
        """
        -----BEGIN PRIVATE KEY-----
        MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC
        -----END PRIVATE KEY-----
        """,
        Pem.write(key).replace(System.lineSeparator(), "\n"));
  }

  @Test
  void readsBackACertifiedKeyWithItsChain() throws Exception {
    CertifiedKey authority =
        Certificates.selfMade(
            Keys.generateP256(RANDOM), CertificatesTest.spec(true, "authority"), RANDOM);
    CertifiedKey server =
        Certificates.issue(
            authority, Keys.generateP256(RANDOM), CertificatesTest.spec(false, "a"), RANDOM);
    String both = Pem.write(server.privateKey()) + "words between\n" + Pem.write(server.chain());
    assertEquals(server, Pem.readCertifiedKey(both, "node.pem", both, "node.pem"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"p256-encrypted.pem", "rsa-pkcs1-encrypted.pem"})
  void saysThatAKeyIsEncrypted(String file) {
    assertFault(
        file
            + ": the key is encrypted with a passphrase; give it in the clear"
            + " (openssl pkey -in encrypted.key -out plain.key)",
        () -> Pem.readPrivateKey(resource(file), file));
  }

  @Test
  void saysWhichFileIsTheWrongOne() {
    CertifiedKey one = selfMade(Keys.generateP256(RANDOM));
    String key = Pem.write(one.privateKey());
    String certificate = Pem.write(one.chain());
    assertFault(
        "node.key: no private key in it; it needs a part that begins with"
            + " -----BEGIN PRIVATE KEY-----",
        () -> Pem.readPrivateKey(certificate, "node.key"));
    assertFault(
        "node.crt: no certificate in it; it needs a part that begins with"
            + " -----BEGIN CERTIFICATE-----",
        () -> Pem.readCertificates(key, "node.crt"));
    assertFault(
        "node.crt: this is no PEM file (text with -----BEGIN …----- lines);"
            + " convert it (openssl x509 -inform DER, openssl pkcs12)",
        () -> Pem.readCertificates("0\u0082\u0001", "node.crt"));
  }

  @Test
  void saysThatAKeyIsNotTheCertificates() {
    CertifiedKey authority =
        Certificates.selfMade(
            Keys.generateP256(RANDOM), CertificatesTest.spec(true, "authority"), RANDOM);
    CertifiedKey server =
        Certificates.issue(
            authority, Keys.generateP256(RANDOM), CertificatesTest.spec(false, "a"), RANDOM);
    String key = Pem.write(server.privateKey());
    assertFault(
        "node.key: this key does not belong to the certificate in node.crt;"
            + " give the key that the certificate was made for",
        () -> Pem.readCertifiedKey(Pem.write(authority.chain()), "node.crt", key, "node.key"));
    String turned = Pem.write(List.of(server.chain().get(1), server.chain().get(0)));
    assertFault(
        "node.crt: the certificate of the key in node.key is not the first;"
            + " put it first, those that vouch for it after it",
        () -> Pem.readCertifiedKey(turned, "node.crt", key, "node.key"));
  }

  /** Whatever is cut out or turned over, nothing but a PemException comes of it. */
  @Test
  void neverFailsInAnyOtherWay() throws Exception {
    List<String> texts = new ArrayList<>();
    for (String file : List.of("ed25519.pem", "p256-sec1.pem", "rsa-pkcs1.pem")) {
      texts.add(resource(file));
    }
    texts.add(Pem.write(selfMade(Keys.generateP256(RANDOM)).chain()));
    long seed = 20261122;
    Random random = new Random(seed);
    int refused = 0;
    for (int round = 0; round < 2000; round++) {
      StringBuilder text = new StringBuilder(texts.get(round % texts.size()));
      if (round % 2 == 0) {
        text.setLength(random.nextInt(text.length()));
      } else {
        for (int i = 0; i < 3; i++) {
          text.setCharAt(random.nextInt(text.length()), (char) random.nextInt(128));
        }
      }
      refused += refusals(text.toString(), "seed " + seed + " round " + round);
    }
    assertTrue(refused > 2000, "only " + refused);
  }

  /** The same for what stands inside the armour. */
  @Test
  void refusesGarbageInsideTheArmour() throws Exception {
    Random random = new Random(1);
    for (String type : List.of("PRIVATE KEY", "EC PRIVATE KEY", "RSA PRIVATE KEY", "CERTIFICATE")) {
      for (int round = 0; round < 200; round++) {
        byte[] garbage = new byte[random.nextInt(200)];
        random.nextBytes(garbage);
        if (garbage.length > 2) {
          garbage[0] = 0x30;
          garbage[1] = (byte) Math.min(garbage.length - 2, 127);
        }
        java.io.StringWriter text = new java.io.StringWriter();
        try (PemWriter writer = new PemWriter(text)) {
          writer.writeObject(new PemObject(type, garbage));
        }
        assertEquals(2, refusals(text.toString(), type + " round " + round));
      }
    }
  }

  private static int refusals(String text, String round) {
    int refused = 0;
    try {
      Pem.readPrivateKey(text, round);
    } catch (PemException e) {
      refused++;
    }
    try {
      Pem.readCertificates(text, round);
    } catch (PemException e) {
      refused++;
    }
    return refused;
  }

  @Test
  void agreesWithOpenSslOnAPin() throws Exception {
    // openssl pkey -in p256-sec1.pem -pubout -outform der | openssl dgst -sha256 -binary | base64
    String fromOpenSsl = "sha256//rnCNJtPANkSbn67vPkEkdwdRWEEQJssqxsac8j5pzBI=";
    PrivateKey key = Pem.readPrivateKey(resource("p256-sec1.pem"), "p256-sec1.pem");
    java.security.PublicKey publicKey =
        java.security.KeyFactory.getInstance("EC")
            .generatePublic(
                new java.security.spec.X509EncodedKeySpec(
                    java.util.Base64.getDecoder().decode(P256_PUBLIC)));
    assertTrue(Keys.match(key, publicKey));
    assertEquals(fromOpenSsl, SpkiPin.of(publicKey).toString());
  }

  private static final String P256_PUBLIC =
      "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEBhzgOjlSRq2Lyhcs/iS+MDpiVEXa2thnHktWACGn4yUwknIIg/jMxauH0dBaB+161Di/7RVeSRK62Am+VcPHVw==";
}
