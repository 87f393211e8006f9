package dev.culvert.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.sansio.Bytes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.edec.EdECObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.bouncycastle.crypto.util.OpenSSHPrivateKeyUtil;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PeerKeyTextTest {
  private static final PeerKey KEY = PeerIdTest.KEY;

  @TempDir Path folder;

  private static String pem(String type, byte[] content) {
    return "-----BEGIN "
        + type
        + "-----\n"
        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content)
        + "\n-----END "
        + type
        + "-----\n";
  }

  private static byte[] version1(PeerId told) throws IOException {
    return new PrivateKeyInfo(
            new AlgorithmIdentifier(EdECObjectIdentifiers.id_Ed25519),
            new DEROctetString(KEY.seed().toByteArray()),
            null,
            told.key().toByteArray())
        .getEncoded();
  }

  private static PeerKey read(String text) throws KeyFileException {
    return PeerKeyText.read(Bytes.utf8(text), "key.pem");
  }

  private static void assertSame(PeerKey read) {
    assertEquals(KEY.id(), read.id());
    assertEquals(KEY.seed(), read.seed());
  }

  /** RFC 8410 §10.3. */
  @Test
  void readsTheKeysOfTheRfc() throws KeyFileException {
    String version0 =
        """
        -----BEGIN PRIVATE KEY-----
        MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC
        -----END PRIVATE KEY-----
        """;
    String version1 =
        """
        -----BEGIN PRIVATE KEY-----
        MHICAQEwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC
        oB8wHQYKKoZIhvcNAQkJFDEPDA1DdXJkbGUgQ2hhaXJzgSEAGb9ECWmEzf6FQbrB
        Z9w7lshQhqowtrbLDFw4rXAxZuE=
        -----END PRIVATE KEY-----
        """;
    String id = "19bf44096984cdfe8541bac167dc3b96c85086aa30b6b6cb0c5c38ad703166e1";
    assertEquals(id, read(version0).id().key().hex());
    assertEquals(id, read(version1).id().key().hex());
  }

  @Test
  void readsWhatItWroteAndTheFormsOfOthers() throws Exception {
    assertSame(read(PeerKeyText.write(KEY)));
    assertSame(read(pem("PRIVATE KEY", version1(KEY.id()))));
    Ed25519PrivateKeyParameters ssh = new Ed25519PrivateKeyParameters(KEY.seed().toByteArray());
    assertSame(read(pem("OPENSSH PRIVATE KEY", OpenSSHPrivateKeyUtil.encodePrivateKey(ssh))));
    assertSame(read(KEY.seed().hex() + "\n"));
    assertSame(PeerKeyText.read(KEY.seed(), "seed"));
    assertSame(PeerKeyText.read(libp2p(KEY.id()), "libp2p"));
  }

  private static Bytes libp2p(PeerId told) {
    return Bytes.of(0x08, 0x01, 0x12, 0x40).concat(KEY.seed()).concat(told.key());
  }

  /** Native TLS libraries crash the process on version 1. */
  @Test
  void whatIsHandedOnIsPkcs8Version0() throws Exception {
    PeerKey odd = read(pem("PRIVATE KEY", version1(KEY.id())));
    byte[] encoded = odd.toKeyPair().getPrivate().getEncoded();
    assertEquals(
        "302e020100300506032b657004220420" + KEY.seed().hex(), Bytes.copyOf(encoded).hex());
    assertTrue(Keys.match(odd.toKeyPair().getPrivate(), odd.toKeyPair().getPublic()));
    Instant now = Instant.ofEpochSecond(1_800_000_000);
    CertifiedKey certified =
        PeerCertificates.selfMade(odd, now, now.plusSeconds(60), new SecureRandom());
    assertEquals(48, certified.privateKey().getEncoded().length);
    assertTrue(PeerCertificates.isOf(KEY.id(), certified.certificate()));
    assertEquals(SpkiPin.of(certified.certificate()), SpkiPin.of(KEY.id()));
    PeerId other = PeerKey.generate(new SecureRandom()).id();
    assertFalse(PeerCertificates.isOf(other, certified.certificate()));
  }

  @Test
  void whatCannotBeUsedIsToldInOneLine() throws Exception {
    PeerId other = PeerKey.generate(new SecureRandom()).id();
    assertFault("", "the file is empty");
    assertFault("x".repeat(70_000), "it is too long");
    assertFault("hello", "this is no key file; give an Ed25519 key as PEM");
    assertFault("-----BEGIN PRIVATE KEY-----\n$$$\n", "is cut or damaged; copy it again");
    assertFault(pem("PRIVATE KEY", new byte[] {1, 2, 3}), "the key in it is cut or damaged");
    assertFault(pem("PRIVATE KEY", version1(other)), "do not belong together");
    assertFault(pem("ENCRYPTED PRIVATE KEY", new byte[] {1}), "encrypted with a passphrase");
    assertFault(pem("PUBLIC KEY", new byte[] {1}), "this is a public key; give the private key");
    assertFault(pem("RSA PRIVATE KEY", new byte[] {1}), "this is a rsa private key");
    assertFault(pem("OPENSSH PRIVATE KEY", new byte[] {1}), "encrypted with a passphrase");
    KeyPair p256 = Keys.generateP256(new SecureRandom());
    assertFault(Pem.write(p256.getPrivate()), "this is of another kind; give another");
    Bytes cut = Bytes.utf8("openssh-key-v1\0\0\0\0\4none").concat(Bytes.of(0, 0, 0, 9));
    assertFault(pem("OPENSSH PRIVATE KEY", cut.toByteArray()), "the key in it is cut or damaged");
    KeyFileException halves =
        assertThrows(KeyFileException.class, () -> PeerKeyText.read(libp2p(other), "f"));
    assertTrue(String.valueOf(halves.getMessage()).contains("do not belong together"));
  }

  private static void assertFault(String text, String words) {
    KeyFileException fault = assertThrows(KeyFileException.class, () -> read(text));
    String message = String.valueOf(fault.getMessage());
    assertTrue(message.startsWith("key.pem: ") && message.contains(words), message);
    assertEquals(1, message.lines().count(), message);
  }

  @Test
  void everyDamageIsToldAndNothingElseHappens() throws Exception {
    byte[] good = version1(KEY.id());
    for (int i = 0; i < good.length; i++) {
      for (int bit = 0; bit < 8; bit++) {
        byte[] bad = good.clone();
        bad[i] ^= (byte) (1 << bit);
        try {
          PeerKey read = read(pem("PRIVATE KEY", bad));
          assertEquals(KEY.id(), read.id(), "byte " + i);
        } catch (KeyFileException e) {
          assertEquals(1, String.valueOf(e.getMessage()).lines().count());
        }
      }
    }
  }

  @Test
  void aFileIsItsOwnersAlone() throws Exception {
    Path file = folder.resolve("peer.key");
    PeerKeyFile.write(KEY, file);
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    assertSame(PeerKeyFile.read(file));
    assertFileFault(() -> PeerKeyFile.write(KEY, file), "there is a file already");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
    assertFileFault(() -> PeerKeyFile.read(file), "others may use this key");
    assertFileFault(() -> PeerKeyFile.read(folder.resolve("none")), "there is no such file");
    assertFileFault(() -> PeerKeyFile.read(folder), "");
    Path nowhere = folder.resolve("no/such/folder");
    assertFileFault(() -> PeerKeyFile.write(KEY, nowhere), "cannot be written");
  }

  private interface Attempt {
    void run() throws KeyFileException;
  }

  private static void assertFileFault(Attempt attempt, String words) {
    KeyFileException fault = assertThrows(KeyFileException.class, attempt::run);
    assertTrue(String.valueOf(fault.getMessage()).contains(words), fault.getMessage());
  }
}
