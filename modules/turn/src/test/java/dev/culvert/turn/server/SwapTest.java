package dev.culvert.turn.server;

import static dev.culvert.turn.server.RelayClient.UDP;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.culvert.sansio.TransportAddress;
import dev.culvert.stun.MessageClass;
import dev.culvert.stun.Method;
import dev.culvert.stun.StunMessage;
import dev.culvert.stun.attribute.Lifetime;
import dev.culvert.stun.attribute.XorRelayedAddress;
import dev.culvert.turn.auth.CombinedUsers;
import dev.culvert.turn.auth.CredentialStore;
import dev.culvert.turn.auth.RelayRealm;
import dev.culvert.turn.auth.StaticUser;
import dev.culvert.turn.auth.StaticUsers;
import dev.culvert.turn.auth.SwappableUsers;
import dev.culvert.turn.auth.TimeLimitedUsers;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Users and addresses that change under a running relay. */
final class SwapTest {
  private static final RelayRealm REALM = new RelayRealm("lab");
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final String NAME = START.plusSeconds(60).getEpochSecond() + ":carol";

  private Instant clock = START;
  private final SwappableUsers users = new SwappableUsers(users("alice:secret", "bob:other"));
  private final RelayFixture relay = new RelayFixture(settings());
  private final RelayClient client = relay.udp("20.0.0.1", 5000);

  private RelayFixture.Settings settings() {
    RelayFixture.Settings settings = new RelayFixture.Settings();
    settings.credentials = users;
    return settings;
  }

  private static CredentialStore users(String... all) {
    return new StaticUsers(REALM, Arrays.stream(all).map(StaticUser::parse).toList());
  }

  private TimeLimitedUsers secrets(String... all) {
    return new TimeLimitedUsers(REALM, List.of(all), (InstantSource) () -> clock);
  }

  private static void assertCode(int code, StunMessage response) {
    assertEquals(code, response.error().map(error -> error.code()).orElse(0));
  }

  private static void assertSuccess(StunMessage response) {
    assertEquals(MessageClass.SUCCESS_RESPONSE, response.messageClass());
  }

  @Test
  void whoIsStillKnownGoesOn() {
    client.allocate();
    users.swap(users("alice:secret", "dave:new"));
    for (int i = 0; i < 5; i++) {
      relay.pass(Duration.ofMinutes(9));
      assertSuccess(client.request(Method.REFRESH));
    }
    assertSuccess(relay.udp("20.0.0.2", 5000).as("dave", "new").request(Method.ALLOCATE, UDP));
  }

  @Test
  void whoIsNoLongerKnownKeepsWhatThereIsUntilItRunsOut() {
    client.allocate();
    users.swap(users("bob:other"));
    assertCode(401, client.request(Method.REFRESH));
    assertCode(401, client.request(Method.REFRESH, new Lifetime(0)));
    assertCode(401, relay.udp("20.0.0.2", 5000).request(Method.ALLOCATE, UDP));
    relay.pass(Duration.ofSeconds(599));
    assertEquals(1, relay.server.allocations());
    relay.pass(Duration.ofSeconds(1));
    assertEquals(0, relay.server.allocations());
  }

  @Test
  void aNewPasswordTakesOverAnAllocation() {
    client.allocate();
    users.swap(users("alice:changed"));
    assertCode(401, client.request(Method.REFRESH));
    assertSuccess(client.as("alice", "changed").request(Method.REFRESH));
    assertSuccess(client.request(Method.REFRESH));
  }

  @Test
  void anExpiredNameGoesOnAsLongAsItsSecretIsThere() {
    users.swap(secrets("north"));
    client.as(NAME, TimeLimitedUsers.password("north", NAME)).allocate();
    clock = START.plusSeconds(3600);
    users.swap(secrets("south", "north"));
    assertSuccess(client.request(Method.REFRESH));
    assertCode(401, other().request(Method.ALLOCATE, UDP));
    users.swap(new CombinedUsers((StaticUsers) users("alice:secret"), secrets("south")));
    assertCode(401, client.request(Method.REFRESH));
  }

  private RelayClient other() {
    return relay.udp("20.0.0.3", 5000).as(NAME, TimeLimitedUsers.password("north", NAME));
  }

  /** What a client was offered when it came stands under its allocation. */
  @Test
  void fewerAlgorithmsDisturbNobodyWhoIsThere() {
    client.modern().allocate();
    String md5 = "0x" + "00".repeat(16);
    users.swap(users("alice:secret", "old:" + md5));
    assertSuccess(client.request(Method.REFRESH));
    assertCode(400, relay.udp("20.0.0.4", 5000).modern().request(Method.ALLOCATE, UDP));
    assertSuccess(relay.udp("20.0.0.5", 5000).request(Method.ALLOCATE, UDP));
  }

  @Test
  void theRealmStays() {
    CredentialStore other =
        new StaticUsers(new RelayRealm("other"), List.of(StaticUser.parse("a:b")));
    assertThrows(IllegalArgumentException.class, () -> users.swap(other));
  }

  @Test
  void anotherAddressIsAnnouncedToThoseWhoComeAfterIt() {
    TransportAddress before = client.allocate();
    relay.resources.announce(
        new RelayAddress(RelayFixture.ip("198.51.100.1"), RelayFixture.ip("203.0.113.9")));
    assertSuccess(client.request(Method.REFRESH));
    assertEquals(RelayFixture.ip("198.51.100.1"), before.ip());
    StunMessage after = relay.udp("20.0.0.2", 5000).request(Method.ALLOCATE, UDP);
    assertEquals(
        RelayFixture.ip("203.0.113.9"),
        after.first(XorRelayedAddress.class).orElseThrow().address().ip());
    assertEquals(RelayFixture.ip("203.0.113.9"), relay.resources.addresses().get(0).announced());
    assertThrows(
        IllegalArgumentException.class,
        () -> relay.resources.announce(RelayAddress.of(RelayFixture.ip("192.0.2.1"))));
  }
}
