package dev.culvert.turn.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.IpLiterals;
import dev.culvert.sansio.TransportAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StatelessNoncesTest {
  private static final Bytes SECRET = Bytes.hex("000102030405060708090a0b0c0d0e0f");
  private static final Instant START = Instant.ofEpochSecond(1_767_225_600);
  private static final TransportAddress CLIENT = address("192.0.2.1", 1000);

  private Instant now = START;
  private final StatelessNonces nonces = with(SECRET);

  private StatelessNonces with(Bytes secret) {
    InstantSource clock = () -> now;
    return new StatelessNonces(secret, clock, Duration.ofMinutes(10));
  }

  private static TransportAddress address(String ip, int port) {
    return new TransportAddress(IpLiterals.parse(ip).orElseThrow(), port);
  }

  /** Made with Python's hmac module. */
  @ParameterizedTest
  @CsvSource({
    "192.0.2.1, 1000, aVW5AB5gown5rmbDTHuJxQ",
    "2001:db8::1, 50000, aVW5AKSsRXIP_UqSqgH0IA",
  })
  void isAnHmacOverTimeAndClient(String ip, int port, String nonce) {
    assertEquals(nonce, nonces.issue(address(ip, port)));
    assertTrue(nonces.isValid(nonce, address(ip, port)));
    assertEquals(StatelessNonces.LENGTH, nonce.length());
  }

  @ParameterizedTest
  @CsvSource({
    "0, true",
    "1, true",
    "599, true",
    "600, false",
    "86400, false",
    "4294967296, true",
    "-1, true",
    "-60, true",
    "-61, false",
    "-86400, false",
  })
  void isStaleAfterItsLifetimeAndBearsAClockSetBackALittle(long seconds, boolean valid) {
    String nonce = nonces.issue(CLIENT);
    now = START.plusSeconds(seconds);
    assertEquals(valid, nonces.isValid(nonce, CLIENT));
  }

  @Test
  void outlivesTheYear2106() {
    now = Instant.ofEpochSecond((1L << 32) - 5);
    String nonce = nonces.issue(CLIENT);
    now = now.plusSeconds(10);
    assertTrue(nonces.isValid(nonce, CLIENT));
    now = now.plusSeconds(600);
    assertFalse(nonces.isValid(nonce, CLIENT));
  }

  @Test
  void holdsForOneAddressAndPortOnly() {
    String nonce = nonces.issue(CLIENT);
    for (TransportAddress other :
        List.of(
            address("192.0.2.1", 1001),
            address("192.0.2.2", 1000),
            address("::192.0.2.1", 1000),
            address("2001:db8::1", 1000))) {
      assertFalse(nonces.isValid(nonce, other), other.toString());
    }
  }

  @Test
  void isKnownToWhoeverSharesTheSecretAndNobodyElse() {
    String nonce = nonces.issue(CLIENT);
    assertTrue(with(SECRET).isValid(nonce, CLIENT));
    assertFalse(with(Bytes.hex("000102030405060708090a0b0c0d0e10")).isValid(nonce, CLIENT));
  }

  @Test
  void noChangeOfOneCharacterPasses() {
    String nonce = nonces.issue(CLIENT);
    for (int i = 0; i < nonce.length(); i++) {
      for (char c = 0; c < 0x80; c++) {
        if (c != nonce.charAt(i)) {
          String forged = nonce.substring(0, i) + c + nonce.substring(i + 1);
          assertFalse(nonces.isValid(forged, CLIENT), forged);
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "A",
        "aVW5AB5gown5rmbDTHuJx",
        "aVW5AB5gown5rmbDTHuJxQ=",
        "aVW5AB5gown5rmbDTHuJxQ==",
        "aVW5AB5gown5rmbDTHuJxQAAAA",
        "++++++++++++++++++++++",
        "aVW5AB5gown5rmbDTHuJ\u00e9Q",
        "obMatJos2gAAAaVW5AB5gown5rmbDTHuJxQ"
      })
  void garbageIsNotValid(String nonce) {
    assertFalse(nonces.isValid(nonce, CLIENT));
  }

  @Test
  void chanceDoesNotPass() {
    Random random = new Random(5);
    byte[] tag = new byte[16];
    for (int i = 0; i < 2_000; i++) {
      random.nextBytes(tag);
      // The right second, so that only the tag is wrong.
      Bytes.hex("6955b900").copyTo(tag, 0);
      String forged = Base64.getUrlEncoder().withoutPadding().encodeToString(tag);
      assertFalse(nonces.isValid(forged, CLIENT), forged);
    }
  }

  @Test
  void refusesWeakSecretsAndOddLifetimes() {
    assertThrows(IllegalArgumentException.class, () -> with(SECRET.slice(1)));
    for (Duration odd : List.of(Duration.ZERO, Duration.ofMillis(999), Duration.ofHours(25))) {
      assertThrows(
          IllegalArgumentException.class, () -> new StatelessNonces(SECRET, () -> now, odd));
    }
  }
}
