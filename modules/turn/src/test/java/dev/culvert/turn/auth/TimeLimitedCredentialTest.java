package dev.culvert.turn.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.culvert.sansio.Bytes;
import dev.culvert.stun.attribute.PasswordAlgorithm;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TimeLimitedCredentialTest {
  private static final Instant EXPIRY = Instant.ofEpochSecond(1_900_000_000L, 999);

  @Test
  void whatOpensslMakesOfSecretAndName() {
    // printf %s 1900000000:me | openssl dgst -sha1 -hmac north -binary | base64
    TimeLimitedCredential minted = TimeLimitedCredential.mint("north", "me", EXPIRY);
    assertEquals("1900000000:me", minted.username());
    assertEquals("vSwifGavI3rOqre5b24uFM4fQho=", minted.password());
    assertEquals(Instant.ofEpochSecond(1_900_000_000L), minted.expiry());
    assertFalse(minted.toString().contains(minted.password()));
    assertEquals("1900000000", TimeLimitedCredential.mint("north", "", EXPIRY).username());
  }

  @Test
  void aKeysNameIsOneAndDoesNotShowTheKey() {
    // printf 0123456789abcdef0123456789abcdef | openssl dgst -sha256 -hmac north | cut -c -32
    Bytes key = Bytes.utf8("0123456789abcdef0123456789abcdef");
    TimeLimitedCredential made = TimeLimitedCredential.forKey("north", key, EXPIRY);
    assertEquals("1900000000:0c20b0f21749566e8eea6fddead9688d", made.username());
    assertEquals(TimeLimitedUsers.password("north", made.username()), made.password());
    TimeLimitedCredential later =
        TimeLimitedCredential.forKey("north", key, EXPIRY.plusSeconds(60));
    TimeLimitedUsers users =
        new TimeLimitedUsers(new RelayRealm("example.org"), List.of("north"), () -> EXPIRY);
    assertEquals(users.owner(made.username()), users.owner(later.username()));
    TimeLimitedCredential elsewhere = TimeLimitedCredential.forKey("south", key, EXPIRY);
    assertNotEquals(users.owner(made.username()), users.owner(elsewhere.username()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "me", "a:b", "k\u00e4the"})
  void aRelayWithTheSecretKnowsIts(String name) {
    TimeLimitedCredential minted = TimeLimitedCredential.mint("north", name, EXPIRY);
    TimeLimitedUsers users =
        new TimeLimitedUsers(
            new RelayRealm("example.org"), List.of("south", "north"), () -> EXPIRY.minusSeconds(1));
    assertEquals(EXPIRY.getEpochSecond(), users.expiry(minted.username()).get().getEpochSecond());
    assertEquals(
        minted.forClient().key(PasswordAlgorithm.SHA_256, "example.org"),
        users.keys(minted.username(), PasswordAlgorithm.SHA_256).get(1));
  }

  @Test
  void whatNobodyCanUseIsRefused() {
    assertThrows(
        IllegalArgumentException.class, () -> TimeLimitedCredential.mint("", "me", EXPIRY));
    assertThrows(
        IllegalArgumentException.class,
        () -> TimeLimitedCredential.mint("north", "x".repeat(600), EXPIRY));
    assertThrows(
        IllegalArgumentException.class,
        () -> TimeLimitedCredential.mint("north", "me", Instant.EPOCH));
  }
}
