package dev.culvert.identity;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.junit.jupiter.api.Test;

class KeysTest {
  private static final SecureRandom RANDOM = new SecureRandom();

  @Test
  void makesKeysThatMatchAndTellsThoseThatDoNot() {
    KeyPair ed25519 = Keys.generateEd25519(RANDOM);
    KeyPair p256 = Keys.generateP256(RANDOM);
    assertTrue(Keys.match(ed25519.getPrivate(), ed25519.getPublic()));
    assertTrue(Keys.match(p256.getPrivate(), p256.getPublic()));
    assertFalse(Keys.match(ed25519.getPrivate(), p256.getPublic()));
    assertFalse(Keys.match(p256.getPrivate(), ed25519.getPublic()));
    assertFalse(Keys.match(p256.getPrivate(), Keys.generateP256(RANDOM).getPublic()));
  }

  @Test
  void bringsBouncyCastlesEd25519KeysToPkcs8Version0() throws GeneralSecurityException {
    KeyPairGenerator generator =
        KeyPairGenerator.getInstance("Ed25519", new BouncyCastleProvider());
    KeyPair foreign = generator.generateKeyPair();
    assertEquals(1, pkcs8Version(foreign.getPrivate()));

    PrivateKey own = Keys.normalise(foreign.getPrivate());

    assertEquals(0, pkcs8Version(own));
    assertEquals(48, own.getEncoded().length);
    assertTrue(Keys.match(own, foreign.getPublic()));
    assertArrayEquals(own.getEncoded(), Keys.normalise(own).getEncoded());
  }

  @Test
  void refusesKeysOfAnotherKind() throws GeneralSecurityException {
    KeyPair x25519 = KeyPairGenerator.getInstance("X25519").generateKeyPair();
    assertThrows(GeneralSecurityException.class, () -> Keys.normalise(x25519.getPrivate()));
  }

  /** SEQUENCE { INTEGER version, …: the version is the fifth byte while the length fits in one. */
  private static int pkcs8Version(PrivateKey key) {
    return key.getEncoded()[4];
  }
}
