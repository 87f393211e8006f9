package dev.culvert.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.identity.PasswordExchange.Role;
import dev.culvert.sansio.Bytes;
import java.math.BigInteger;
import java.util.Optional;
import java.util.Random;
import org.bouncycastle.crypto.agreement.jpake.JPAKEPrimeOrderGroups;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PasswordExchangeTest {
  private static final String CONTEXT = "rdv1-code/4821";
  private static final String WORDS = "crossbow-lantern";

  private final Random random = new Random(9);

  private PasswordExchange side(Role role, String context, String password) {
    return new PasswordExchange(role, context, password, random);
  }

  private PasswordExchange host() {
    return side(Role.HOST, CONTEXT, WORDS);
  }

  private PasswordExchange guest() {
    return side(Role.GUEST, CONTEXT, WORDS);
  }

  private static Bytes changed(Bytes bytes, int at, int by) {
    byte[] changed = bytes.toByteArray();
    changed[at] ^= (byte) by;
    return Bytes.wrap(changed);
  }

  private static SharedSecret[] meet(PasswordExchange host, PasswordExchange guest) {
    Bytes host2 = host.second(guest.first()).orElseThrow();
    Bytes guest2 = guest.second(host.first()).orElseThrow();
    return new SharedSecret[] {
      host.finish(guest2).orElseThrow(), guest.finish(host2).orElseThrow()
    };
  }

  @Test
  void whoHaveTheSamePasswordHaveTheSameSecret() {
    SharedSecret[] both = meet(host(), guest());
    assertTrue(both[0].confirms(both[1].confirmation()));
    assertTrue(both[1].confirms(both[0].confirmation()));
    assertEquals(both[0].derive("a", 16), both[1].derive("a", 16));
    assertNotEquals(both[0].derive("a", 16), both[0].derive("b", 16));
    Bytes plain = Bytes.utf8("it is me");
    Bytes sealed = both[0].seal("host", plain);
    assertEquals(Optional.of(plain), both[1].open("host", sealed));
    assertEquals(Optional.empty(), both[1].open("guest", sealed));
    assertEquals(Optional.empty(), both[1].open("host", changed(sealed, 3, 1)));
    assertEquals(Optional.empty(), both[1].open("host", sealed.slice(0, 15)));
    assertFalse(both[0].toString().contains(both[0].derive("a", 32).hex()));
  }

  /** A confirmation that comes back to whoever gave it confirms nothing. */
  @Test
  void confirmationsDifferByRole() {
    SharedSecret[] both = meet(host(), guest());
    assertNotEquals(both[0].confirmation(), both[1].confirmation());
    assertFalse(both[0].confirms(both[0].confirmation()));
    assertFalse(both[0].confirms(Bytes.empty()));
  }

  @ParameterizedTest
  @CsvSource({"rdv1-code/4821, crossbow-lanterns", "rdv1-code/4821, lantern-crossbow"})
  void otherWordsGiveAnotherSecret(String context, String words) {
    SharedSecret[] both = meet(host(), side(Role.GUEST, context, words));
    assertFalse(both[0].confirms(both[1].confirmation()));
    assertFalse(both[1].confirms(both[0].confirmation()));
    assertNotEquals(both[0].derive("a", 32), both[1].derive("a", 32));
  }

  @Test
  void whatWasSaidInAnotherContextOrByTheSameRoleIsRefused() {
    PasswordExchange elsewhere = side(Role.GUEST, "rdv1-code/4822", WORDS);
    assertEquals(Optional.empty(), host().second(elsewhere.first()));
    PasswordExchange mirrored = host();
    assertEquals(Optional.empty(), mirrored.second(mirrored.first()));
    assertEquals(Optional.empty(), host().second(host().first()));
  }

  /** One that sits between the two and runs an exchange of its own with each, by guessing. */
  @Test
  void whoIsBetweenThemWithoutThePasswordHasNeithersSecret() {
    PasswordExchange host = host();
    PasswordExchange guest = guest();
    SharedSecret[] one = meet(host, side(Role.GUEST, CONTEXT, "wrong-guess"));
    SharedSecret[] other = meet(side(Role.HOST, CONTEXT, "wrong-guess"), guest);
    for (SharedSecret theirs : new SharedSecret[] {one[1], other[0]}) {
      assertFalse(one[0].confirms(theirs.confirmation()));
      assertFalse(other[1].confirms(theirs.confirmation()));
    }
    assertFalse(one[0].confirms(other[1].confirmation()));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 383, 384, 768, 1151, 1152, 1183, 1184, 1599})
  void anAlteredFirstMessageIsRefused(int at) {
    Bytes first = guest().first();
    assertEquals(Optional.empty(), host().second(changed(first, at, 0x10)));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 383, 384, 767, 768, 799})
  void anAlteredSecondMessageIsRefused(int at) {
    PasswordExchange host = host();
    PasswordExchange guest = guest();
    host.second(guest.first());
    Bytes second = guest.second(host.first()).orElseThrow();
    assertEquals(Optional.empty(), host.finish(changed(second, at, 0x10)));
  }

  /** Elements of small order would give a secret that anybody knows. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4})
  void elementsThatAreNoneAreRefused(int kind) {
    BigInteger p = JPAKEPrimeOrderGroups.NIST_3072.getP();
    BigInteger bad =
        new BigInteger[] {
              BigInteger.ZERO, BigInteger.ONE, p.subtract(BigInteger.ONE), p, p.add(BigInteger.TWO)
            }
            [kind];
    byte[] raw = bad.toByteArray();
    byte[] element = new byte[384];
    int length = Math.min(raw.length, 384);
    System.arraycopy(raw, raw.length - length, element, 384 - length, length);
    Bytes first = guest().first();
    Bytes wrong = Bytes.wrap(element);
    assertEquals(Optional.empty(), host().second(wrong.concat(first.slice(384))));
    assertEquals(
        Optional.empty(),
        host().second(first.slice(0, 384).concat(wrong).concat(first.slice(768))));
  }

  @Test
  void messagesHaveOneLengthAndOneTurn() {
    Bytes first = guest().first();
    assertEquals(PasswordExchange.FIRST, first.length());
    assertEquals(Optional.empty(), host().second(Bytes.empty()));
    assertEquals(Optional.empty(), host().second(first.concat(Bytes.of(0))));
    PasswordExchange host = host();
    assertThrows(IllegalStateException.class, () -> host.finish(first));
    assertEquals(Optional.of(PasswordExchange.SECOND), host.second(first).map(Bytes::length));
    assertThrows(IllegalStateException.class, () -> host.second(first));
    assertEquals(Optional.empty(), host.finish(first));
    assertThrows(IllegalStateException.class, () -> host.finish(first));
    PasswordExchange failed = host();
    failed.second(Bytes.empty());
    assertThrows(IllegalStateException.class, () -> failed.finish(first));
  }

  @Test
  void passwordsHaveBounds() {
    assertThrows(IllegalArgumentException.class, () -> side(Role.HOST, CONTEXT, ""));
    assertThrows(IllegalArgumentException.class, () -> side(Role.HOST, CONTEXT, "a".repeat(33)));
  }
}
