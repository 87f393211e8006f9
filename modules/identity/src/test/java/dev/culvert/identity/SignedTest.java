package dev.culvert.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.culvert.sansio.Bytes;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SignedTest {
  private static final String PURPOSE = "test-1";
  private static final Bytes PAYLOAD = Bytes.utf8("what was said");

  /** RFC 8032 §7.1, tests 1 to 3. */
  @ParameterizedTest
  @CsvSource({
    "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60, '',"
        + " e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb, 72,"
        + " 92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7, af82,"
        + " 6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"
  })
  void signsAsTheRfcDoes(String seed, String message, String signature) {
    PeerKey key = PeerKey.ofSeed(Bytes.hex(seed));
    assertEquals(Bytes.hex(signature), key.sign(Bytes.hex(message)));
    assertEquals(true, PeerKey.verify(key.id(), Bytes.hex(message), Bytes.hex(signature)));
  }

  @Test
  void whoSignedIsProven() {
    Signed signed = Signed.by(PeerIdTest.KEY, PURPOSE, PAYLOAD);
    assertEquals(Optional.of(PAYLOAD), signed.verify(PURPOSE));
  }

  @Test
  void nothingElsePasses() {
    Signed signed = Signed.by(PeerIdTest.KEY, PURPOSE, PAYLOAD);
    PeerId other = PeerKey.generate(new Random(1)).id();
    assertFalse(signed.verify("test-2").isPresent());
    assertFalse(new Signed(other, PAYLOAD, signed.signature()).verify(PURPOSE).isPresent());
    for (int i = 0; i < 64; i++) {
      Signed changed = new Signed(signed.signer(), PAYLOAD, flipped(signed.signature(), i));
      assertFalse(changed.verify(PURPOSE).isPresent(), "byte " + i);
    }
    for (int i = 0; i < PAYLOAD.length(); i++) {
      Signed changed = new Signed(signed.signer(), flipped(PAYLOAD, i), signed.signature());
      assertFalse(changed.verify(PURPOSE).isPresent(), "byte " + i);
    }
  }

  /** The purpose and the payload cannot be cut apart elsewhere. */
  @Test
  void aPurposeThatIsLongerByPartOfThePayloadIsAnother() {
    Signed signed = Signed.by(PeerIdTest.KEY, "a", Bytes.utf8("bc"));
    Signed shifted = new Signed(signed.signer(), Bytes.utf8("c"), signed.signature());
    assertFalse(shifted.verify("ab").isPresent());
  }

  /** With a key of low order one signature would do for every message. */
  @Test
  void nobodySignsWithAKeyThatIsNone() {
    PeerId neutral = new PeerId(Bytes.of(1).concat(Bytes.wrap(new byte[31])));
    Bytes signature = Bytes.of(1).concat(Bytes.wrap(new byte[63]));
    assertFalse(new Signed(neutral, PAYLOAD, signature).verify(PURPOSE).isPresent());
  }

  @Test
  void refusesWhatMakesNoSense() {
    assertThrows(IllegalArgumentException.class, () -> Signed.by(PeerIdTest.KEY, "", PAYLOAD));
    assertThrows(IllegalArgumentException.class, () -> Signed.by(PeerIdTest.KEY, "a b", PAYLOAD));
    assertThrows(
        IllegalArgumentException.class,
        () -> new Signed(PeerIdTest.KEY.id(), PAYLOAD, Bytes.of(1)));
    assertThrows(IllegalArgumentException.class, () -> PeerKey.ofSeed(Bytes.of(1)));
  }

  static Bytes flipped(Bytes bytes, int at) {
    byte[] copy = bytes.toByteArray();
    copy[at] ^= 1;
    return Bytes.wrap(copy);
  }
}
