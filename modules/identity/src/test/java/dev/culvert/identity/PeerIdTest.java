package dev.culvert.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.sansio.Bytes;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.spec.X509EncodedKeySpec;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PeerIdTest {
  /** RFC 8032 §7.1, test 1. */
  static final PeerKey KEY =
      PeerKey.ofSeed(Bytes.hex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"));

  private static final String TEXT = "47pjoycnsrfmxikm95jh13y88e8qnhzu5kungjpxyepgt7a8krpy";

  @Test
  void isTheKeyInLettersForPeople() throws PeerIdException {
    assertEquals(
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", KEY.id().key().hex());
    assertEquals(TEXT, KEY.id().toString());
    assertEquals(KEY.id(), PeerId.parse(TEXT));
    assertEquals(Optional.of(KEY.id()), PeerId.read(TEXT));
    assertEquals(Optional.empty(), PeerId.read(TEXT.toUpperCase(Locale.ROOT)));
    assertEquals(Optional.empty(), PeerId.read(TEXT + "y"));
    assertEquals(KEY.id(), PeerId.parse(" " + TEXT.toUpperCase(Locale.ROOT) + "\n"));
  }

  @Test
  void hasTheFormsOfOthers() throws PeerIdException {
    assertTrue(KEY.id().toDidKey().startsWith("did:key:z6Mktwupdm"), KEY.id().toDidKey());
    assertEquals(KEY.id(), PeerId.parse(KEY.id().toDidKey()));
    assertTrue(KEY.id().toLibp2p().startsWith("12D3KooWQK1w"), KEY.id().toLibp2p());
    assertEquals(KEY.id(), PeerId.parse(KEY.id().toLibp2p()));
    Bytes cid = Bytes.of(0x01, 0x72, 0, 0x24, 8, 1, 0x12, 0x20).concat(KEY.id().key());
    assertEquals(KEY.id(), PeerId.parse("b" + TextBase.B32.encode(cid)));
    assertEquals(KEY.id(), PeerId.parse("k" + TextBase.B36.encode(cid)));
  }

  /** A key of the did:key specification. */
  @Test
  void readsTheExampleOfDidKey() throws PeerIdException {
    String text = "did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK";
    assertEquals(text, PeerId.parse(text).toDidKey());
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void everyFormComesBack(long seed) throws PeerIdException {
    Random random = new Random(seed);
    for (int i = 0; i < 20; i++) {
      PeerId id = PeerKey.generate(random).id();
      assertEquals(id, PeerId.parse(id.toString()));
      assertEquals(id, PeerId.parse(id.toDidKey()));
      assertEquals(id, PeerId.parse(id.toLibp2p()));
      assertEquals(Optional.of(id), PeerId.of(keyOf(id)));
      assertEquals(SpkiPin.of(keyOf(id)), SpkiPin.of(id));
    }
  }

  private static PublicKey keyOf(PeerId id) {
    try {
      return KeyFactory.getInstance("Ed25519")
          .generatePublic(
              new X509EncodedKeySpec(
                  Bytes.hex("302a300506032b6570032100").concat(id.key()).toByteArray()));
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "'', give the 52 letters",
    "47pjoycnsrfmxikm95jh13y88e8qnhzu5kungjpxyepgt7a8krp, it has 51 letters",
    "47pjoycnsrfmxikm95jh13y88e8qnhzu5kungjpxyepgt7a8krpl, has a letter that none has",
    "47pjoycnsrfmxikm95jh13y88e8qnhzu5kungjpxyepgt7a8krpb, or is cut",
    "did:key:f0123, is not in base 58",
    "did:key:z6LSbysY2xFMRpGMhb7tFTLMpeuPRaqaWM1yECx2AtzE3KCc, of another kind of key",
    "did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2do0, has a letter that none has",
    "12D3KooWabc, is damaged",
    "QmYyQSo1c1Ym7orWxLYvCrM2EmxFTANf8wXmmE7DWjhx5N, only the hash of a key",
    "bafzaaaaa, is damaged",
    "k51abc, is damaged"
  })
  void whatIsNoneIsToldInOneLine(String text, String words) {
    PeerIdException fault = assertThrows(PeerIdException.class, () -> PeerId.parse(text));
    assertTrue(String.valueOf(fault.getMessage()).contains(words), fault.getMessage());
  }

  @Test
  void aKeyWithWhichEverybodyCanSignIsNone() {
    // The neutral element, a point of order 8, a value beyond the field, and one off the curve.
    for (String bad :
        new String[] {
          "0100000000000000000000000000000000000000000000000000000000000000",
          "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
          "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
          "0200000000000000000000000000000000000000000000000000000000000000"
        }) {
      PeerId id = new PeerId(Bytes.hex(bad));
      assertFalse(id.isGood(), bad);
      assertThrows(PeerIdException.class, () -> PeerId.parse(id.toString()));
    }
    assertTrue(KEY.id().isGood());
  }

  @Test
  void keysOfOtherKindsHaveNone() {
    assertEquals(Optional.empty(), PeerId.of(Keys.generateP256(new SecureRandom()).getPublic()));
    assertThrows(IllegalArgumentException.class, () -> new PeerId(Bytes.of(1)));
  }

  @ParameterizedTest
  @CsvSource({
    "B32, '', ''",
    "B32, 66, my",
    "B32, 666f, mzxq",
    "B32, 666f6f626172, mzxw6ytboi",
    "B58, 0000287fb4cd, 11233QC4",
    "B58, 48656c6c6f20576f726c6421, 2NEpo7TZRRrLZSi2U",
    "Z32, f0bfc7, 6n9hq",
    "Z32, d47a04, 4t7ye"
  })
  void encodesAsItsInventorsSay(TextBase base, String hex, String text) {
    assertEquals(text, base.encode(Bytes.hex(hex)));
    assertEquals(Optional.of(Bytes.hex(hex)), base.decode(text));
  }
}
