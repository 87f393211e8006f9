package dev.culvert.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.culvert.sansio.Bytes;
import java.time.Instant;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class EnvelopeTest {
  private final Random random = new Random(7);
  private final PeerKey alice = PeerKey.generate(random);
  private final PeerKey bob = PeerKey.generate(random);
  private final SealingKey bobOpens = SealingKey.generate(random);
  private final Envelope said =
      new Envelope(
          alice.id(),
          Bytes.wrap(new byte[16]),
          3,
          Instant.ofEpochSecond(1_800_000_000),
          Bytes.utf8("come to port 4000"));

  private Bytes sealed() {
    return said.seal(alice, bob.id(), bobOpens.publicKey(), random).orElseThrow();
  }

  /** RFC 9180, appendix A.1.1, sequence number 0. */
  @Test
  void sealsAsTheRfcDoes() {
    SealingKey recipient =
        SealingKey.of(
            Bytes.hex("4612c550263fc8ad58375df3f557aac531d26850903e55a9f23f21d8534e8ac8"));
    SealingKey ephemeral =
        SealingKey.of(
            Bytes.hex("52c4a758a802cd8b936eceea314432798d5baf2d7e9235dc084ab1b9cfa2f736"));
    Bytes info = Bytes.utf8("Ode on a Grecian Urn");
    Bytes plain = Bytes.utf8("Beauty is truth, truth beauty");
    Bytes wanted =
        Bytes.hex(
            "37fda3567bdbd628e88668c3c8d7e97d1d1253b6d4ea6d44c150f741f1bf4431"
                + "f938558b5d72f1a23810b4be2ab4f84331acc02fc97babc53a52ae8218a355a9"
                + "6d8770ac83d07bea87e13c512a");
    Bytes associated = Bytes.utf8("Count-0");
    assertEquals(
        Optional.of(wanted), Hpke.seal(recipient.publicKey(), ephemeral, info, associated, plain));
    assertEquals(Optional.of(plain), Hpke.open(recipient, info, associated, wanted));
  }

  @Test
  void theRecipientReadsItAndKnowsWhoSaidIt() {
    assertEquals(Optional.of(said), Envelope.open(sealed(), bob.id(), bobOpens));
  }

  @Test
  void showsItsLengthInStepsAndNothingElse() {
    Envelope shorter = new Envelope(said.sender(), said.session(), 4, said.expiry(), Bytes.empty());
    Bytes other = shorter.seal(alice, bob.id(), bobOpens.publicKey(), random).orElseThrow();
    assertEquals(other.length(), sealed().length());
    assertEquals(0, (sealed().length() - Hpke.OVERHEAD) % 256);
  }

  /** Whoever adds a minute to it would be beyond all time. */
  @Test
  void whatHoldsForEverIsNotOpened() {
    for (long second : new long[] {253_402_300_800L, Instant.MAX.getEpochSecond()}) {
      Instant never = Instant.ofEpochSecond(second);
      Envelope eternal = new Envelope(said.sender(), said.session(), 4, never, said.payload());
      Bytes sealed = eternal.seal(alice, bob.id(), bobOpens.publicKey(), random).orElseThrow();
      assertEquals(Optional.empty(), Envelope.open(sealed, bob.id(), bobOpens));
    }
    Instant last = Instant.ofEpochSecond(253_402_300_799L);
    Envelope lasting = new Envelope(said.sender(), said.session(), 4, last, said.payload());
    Bytes sealed = lasting.seal(alice, bob.id(), bobOpens.publicKey(), random).orElseThrow();
    assertEquals(Optional.of(lasting), Envelope.open(sealed, bob.id(), bobOpens));
  }

  @Test
  void everyChangedByteIsSeen() {
    Bytes sealed = sealed();
    for (int i = 0; i < sealed.length(); i++) {
      Bytes changed = SignedTest.flipped(sealed, i);
      assertEquals(Optional.empty(), Envelope.open(changed, bob.id(), bobOpens), "byte " + i);
    }
    for (int length = 0; length < sealed.length(); length += 7) {
      assertEquals(Optional.empty(), Envelope.open(sealed.slice(0, length), bob.id(), bobOpens));
    }
  }

  @Test
  void nobodyElseOpensIt() {
    PeerKey carol = PeerKey.generate(random);
    assertEquals(Optional.empty(), Envelope.open(sealed(), bob.id(), SealingKey.generate(random)));
    assertEquals(Optional.empty(), Envelope.open(sealed(), carol.id(), bobOpens));
  }

  /** Bob shows Carol what Alice said to him, as if she had said it to Carol. */
  @Test
  void whatWasSaidToOneIsNotSaidToAnother() {
    PeerKey carol = PeerKey.generate(random);
    SealingKey carolOpens = SealingKey.generate(random);
    Bytes info = Bytes.utf8("culvert-envelope-1");
    Bytes plain = Hpke.open(bobOpens, info, bob.id().key(), sealed()).orElseThrow();
    Bytes passedOn =
        Hpke.seal(
                carolOpens.publicKey(), SealingKey.generate(random), info, carol.id().key(), plain)
            .orElseThrow();
    assertEquals(Optional.empty(), Envelope.open(passedOn, carol.id(), carolOpens));
    // The same with nothing changed opens, so it is the binding that refused it.
    Bytes again =
        Hpke.seal(bobOpens.publicKey(), SealingKey.generate(random), info, bob.id().key(), plain)
            .orElseThrow();
    assertEquals(Optional.of(said), Envelope.open(again, bob.id(), bobOpens));
  }

  /** Everybody can seal for Bob; nobody can sign for Alice. */
  @Test
  void nobodySpeaksForAnother() {
    PeerKey mallory = PeerKey.generate(random);
    Bytes info = Bytes.utf8("culvert-envelope-1");
    Bytes plain = Hpke.open(bobOpens, info, bob.id().key(), sealed()).orElseThrow();
    byte[] forged = plain.toByteArray();
    mallory.id().key().copyTo(forged, 0);
    Bytes fake =
        Hpke.seal(
                bobOpens.publicKey(),
                SealingKey.generate(random),
                info,
                bob.id().key(),
                Bytes.wrap(forged))
            .orElseThrow();
    assertEquals(Optional.empty(), Envelope.open(fake, bob.id(), bobOpens));
    assertThrows(
        IllegalArgumentException.class,
        () -> said.seal(mallory, bob.id(), bobOpens.publicKey(), random));
  }

  @Test
  void keysThatAreNoneAreRefused() {
    Bytes zero = Bytes.wrap(new byte[32]);
    assertEquals(Optional.empty(), said.seal(alice, bob.id(), zero, random));
    assertEquals(Optional.empty(), said.seal(alice, bob.id(), Bytes.of(1), random));
    Bytes lowOrder = zero.concat(sealed().slice(32));
    assertEquals(Optional.empty(), Envelope.open(lowOrder, bob.id(), bobOpens));
  }

  @Test
  void garbageInsideIsRefused() {
    Bytes info = Bytes.utf8("culvert-envelope-1");
    for (int i = 0; i < 500; i++) {
      byte[] plain = new byte[random.nextInt(600)];
      random.nextBytes(plain);
      Bytes sealed =
          Hpke.seal(
                  bobOpens.publicKey(),
                  SealingKey.generate(random),
                  info,
                  bob.id().key(),
                  Bytes.wrap(plain))
              .orElseThrow();
      assertFalse(Envelope.open(sealed, bob.id(), bobOpens).isPresent());
    }
  }

  @Test
  void refusesWhatMakesNoSense() {
    assertThrows(
        IllegalArgumentException.class,
        () -> new Envelope(alice.id(), Bytes.of(1), 0, Instant.EPOCH, Bytes.empty()));
    Bytes tooLong = Bytes.wrap(new byte[Envelope.LONGEST_PAYLOAD + 1]);
    assertThrows(
        IllegalArgumentException.class,
        () -> new Envelope(alice.id(), said.session(), 0, Instant.EPOCH, tooLong));
  }
}
