package dev.culvert.turn.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.sansio.Bytes;
import dev.culvert.stun.IntegrityKey;
import dev.culvert.stun.LongTermCredential;
import dev.culvert.stun.attribute.PasswordAlgorithm;
import dev.culvert.stun.attribute.UserHash;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Keys were made with OpenSSL and Python's hmac and hashlib modules. */
class CredentialStoresTest {
  private static final int MD5 = PasswordAlgorithm.MD5;
  private static final int SHA_256 = PasswordAlgorithm.SHA_256;
  private static final RelayRealm REALM = new RelayRealm("realm");
  private static final String USER_MD5 = "8493fbc53ba582fb4c044c456bdc40eb";
  private static final String USER_SHA_256 =
      "07e934117abd40836e7c6329b54731b2b2d2a5f9a71f544922d75e0730d8251b";
  private static final Instant EXPIRY = Instant.ofEpochSecond(1_767_225_600);

  private Instant now = EXPIRY.minusSeconds(1);

  private TimeLimitedUsers timeLimited(String realm, String... secrets) {
    return new TimeLimitedUsers(new RelayRealm(realm), List.of(secrets), () -> now);
  }

  private static StaticUsers fixed(String... users) {
    return new StaticUsers(REALM, List.of(users).stream().map(StaticUser::parse).toList());
  }

  private static Optional<IntegrityKey> key(String hex) {
    return Optional.of(IntegrityKey.of(Bytes.hex(hex)));
  }

  @Test
  void staticUsersHaveAKeyForEachAlgorithm() {
    StaticUsers users = fixed("user:pass", "other:pa:ss");
    assertEquals(key(USER_MD5), users.key("user", MD5));
    assertEquals(key(USER_SHA_256), users.key("user", SHA_256));
    assertEquals(List.of(key(USER_MD5).get()), users.keys("user", MD5));
    assertEquals(
        Optional.of(IntegrityKey.longTerm(MD5, "other", "realm", "pa:ss")),
        users.key("other", MD5));
    assertEquals(Optional.empty(), users.key("User", MD5));
    assertEquals(List.of(), users.keys("", MD5));
    assertEquals(Optional.empty(), users.expiry("user"));
    assertEquals("user", users.owner("user"));
    assertEquals("realm", users.realm());
  }

  @Test
  void staticUsersAreFoundByHash() {
    StaticUsers users = fixed("user:pass", "keyed:0x" + USER_MD5);
    assertTrue(users.findsHashes());
    for (String name : List.of("user", "keyed")) {
      assertEquals(Optional.of(name), users.username(LongTermCredential.hash(name, "realm")));
    }
    assertEquals(
        Optional.empty(), users.username(LongTermCredential.hash("user", "another realm")));
    assertEquals(Optional.empty(), users.username(new UserHash(Bytes.wrap(new byte[32]))));
  }

  @Test
  void aKeyStandsForThePasswordInItsAlgorithm() {
    StaticUsers old = fixed("user:0x" + USER_MD5);
    assertEquals(key(USER_MD5), old.key("user", MD5));
    assertEquals(Optional.empty(), old.key("user", SHA_256));
    assertEquals(List.of(PasswordAlgorithm.of(MD5)), old.algorithms());

    StaticUsers both =
        fixed("user:0x" + USER_MD5, "user:0x" + USER_SHA_256.toUpperCase(Locale.ROOT));
    assertEquals(key(USER_MD5), both.key("user", MD5));
    assertEquals(key(USER_SHA_256), both.key("user", SHA_256));
    assertEquals(
        List.of(PasswordAlgorithm.of(SHA_256), PasswordAlgorithm.of(MD5)), both.algorithms());
  }

  @Test
  void whatOnlyLooksLikeAKeyIsAPassword() {
    for (String password : List.of("0x", "0x12", "0x" + "g".repeat(32), USER_MD5)) {
      assertEquals(
          Optional.of(IntegrityKey.longTerm(MD5, "u", "realm", password)),
          fixed("u:" + password).key("u", MD5));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"user:a,user:b", "user:a,user:0x8493fbc53ba582fb4c044c456bdc40eb"})
  void aNameStandsForOneUser(String users) {
    IllegalArgumentException fault =
        assertThrows(IllegalArgumentException.class, () -> fixed(users.split(",")));
    assertEquals("user user is given twice", fault.getMessage());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "user", ":pass", "user:", ":", "us\u0000er:hidden", "user:hid\tden"})
  void faultsOfUsersShowNoPassword(String text) {
    IllegalArgumentException fault =
        assertThrows(IllegalArgumentException.class, () -> StaticUser.parse(text));
    assertFalse(String.valueOf(fault.getMessage()).contains("hid"), fault.getMessage());
    assertEquals("StaticUser[user]", StaticUser.parse("user:pass").toString());
  }

  @ParameterizedTest
  @CsvSource({
    "1767225600:alice, qnVCfmDqv+5N7tpxKH0liO/huIU=",
    "1767225600, tMggyc2erg9lbM/dASX9Yu09OkM=",
  })
  void passwordsAreHmacsOfTheWholeName(String username, String password) {
    assertEquals(password, TimeLimitedUsers.password("north", username));
    assertEquals(
        Optional.of(IntegrityKey.longTerm(SHA_256, username, "realm", password)),
        timeLimited("realm", "north").key(username, SHA_256));
  }

  @Test
  void keysOfTimeLimitedUsers() {
    TimeLimitedUsers users = timeLimited("example.org", "north");
    String name = "1767225600:alice";
    assertEquals(key("90ff6d2d54d26813ea82fa5790f5b9cc"), users.key(name, MD5));
    assertEquals(
        key("41695d12f6a1bff9eeefdc6281cde4f1fed5d94bbb7be6f355234f52cdf8325d"),
        users.key(name, SHA_256));
    assertEquals(Optional.of(EXPIRY), users.expiry(name));
    assertEquals("alice", users.owner(name));
    assertFalse(users.findsHashes());
    assertEquals(Optional.empty(), users.username(LongTermCredential.hash(name, "example.org")));
  }

  @Test
  void theyExpireToTheSecond() {
    TimeLimitedUsers users = timeLimited("realm", "north");
    assertEquals(1, users.keys("1767225600:alice", MD5).size());
    now = EXPIRY;
    assertEquals(List.of(), users.keys("1767225600:alice", MD5));
    assertEquals(Optional.empty(), users.key("1767225600:alice", SHA_256));
  }

  @Test
  void eachOfSeveralSecretsWillDo() {
    String name = "1767225600:alice";
    TimeLimitedUsers rotating = timeLimited("realm", "new", "north");
    assertEquals(
        List.of(
            timeLimited("realm", "new").key(name, MD5).orElseThrow(),
            timeLimited("realm", "north").key(name, MD5).orElseThrow()),
        rotating.keys(name, MD5));
    assertEquals(timeLimited("realm", "new").key(name, MD5), rotating.key(name, MD5));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "alice",
        ":alice",
        "alice:1767225600",
        "1767225600x:alice",
        "-1767225600",
        "+1767225600",
        " 1767225600",
        "1767225600 :alice",
        "0:alice",
        "1767225599:alice",
        "1767225600000:alice",
        "99999999999",
        "99999999999999999999999",
        "1767225600:al\u0000ice",
        "\u0661\u0667\u0666\u0667\u0662\u0662\u0665\u0666\u0660\u0661"
      })
  void otherNamesAreUnknown(String name) {
    now = EXPIRY.minusSeconds(1);
    if (name.startsWith("1767225599")) {
      now = EXPIRY;
    }
    TimeLimitedUsers users = timeLimited("realm", "north");
    assertEquals(List.of(), users.keys(name, MD5));
    assertEquals(Optional.empty(), users.key(name, SHA_256));
    assertFalse(users.owner(name).isEmpty() && !name.isEmpty());
  }

  @ParameterizedTest
  @CsvSource({
    "1767225600:alice, alice",
    "1767225700:alice, alice",
    "1767225600:a:b, a:b",
    "1767225600, 1767225600",
    "1767225600:, 1767225600:",
  })
  void quotasCountForTheNameBehindTheExpiry(String username, String owner) {
    assertEquals(owner, timeLimited("realm", "north").owner(username));
  }

  @Test
  void bothKindsTogether() {
    TimeLimitedUsers timeLimited = timeLimited("realm", "north");
    StaticUsers fixed = fixed("user:pass", "1767225600:0x" + USER_MD5);
    CredentialStore both = new CombinedUsers(fixed, timeLimited);
    assertEquals(key(USER_MD5), both.key("user", MD5));
    assertEquals(timeLimited.key("1767225601:alice", MD5), both.key("1767225601:alice", MD5));
    assertEquals("alice", both.owner("1767225601:alice"));
    assertEquals(Optional.of(EXPIRY.plusSeconds(1)), both.expiry("1767225601:alice"));
    assertEquals(Optional.empty(), both.expiry("user"));
    assertEquals(Optional.empty(), both.key("nobody", MD5));
    assertEquals(Optional.of("user"), both.username(LongTermCredential.hash("user", "realm")));
    assertFalse(both.findsHashes());
    assertEquals(List.of(PasswordAlgorithm.of(MD5)), both.algorithms());
    // A static user whose name looks like an expiry has none.
    assertEquals(List.of(key(USER_MD5).get()), both.keys("1767225600", MD5));
    assertEquals(Optional.empty(), both.expiry("1767225600"));
    assertThrows(
        IllegalArgumentException.class,
        () -> new CombinedUsers(fixed, timeLimited("another realm", "north")));
  }

  /** Names come from the network before anything is proven. */
  @Test
  void noNameThrows() {
    CredentialStore both = new CombinedUsers(fixed("user:pass"), timeLimited("realm", "north"));
    Random random = new Random(21);
    for (int i = 0; i < 5_000; i++) {
      StringBuilder name = new StringBuilder(random.nextBoolean() ? "1767225600:" : "");
      for (int length = random.nextInt(12); length > 0; length--) {
        int kind = random.nextInt(4);
        name.append(
            switch (kind) {
              case 0 -> (char) ('0' + random.nextInt(11));
              case 1 -> (char) random.nextInt(0x100);
              case 2 -> (char) random.nextInt(0x10000);
              default -> (char) ('a' + random.nextInt(26));
            });
      }
      String text = name.toString();
      int known = both.keys(text, i % 2 == 0 ? MD5 : SHA_256).size();
      assertTrue(known == 0 || both.expiry(text).filter(now::isBefore).isPresent(), text);
      assertFalse(both.owner(text).isEmpty() && !text.isEmpty(), text);
    }
  }

  @Test
  void aSharedSecretIsNotEmpty() {
    assertThrows(IllegalArgumentException.class, () -> timeLimited("realm"));
    assertThrows(IllegalArgumentException.class, () -> timeLimited("realm", "north", ""));
  }
}
