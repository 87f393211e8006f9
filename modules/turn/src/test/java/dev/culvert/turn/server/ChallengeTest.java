package dev.culvert.turn.server;

import static dev.culvert.turn.server.RelayClient.UDP;
import static dev.culvert.turn.server.RelayClient.assertRefused;
import static dev.culvert.turn.server.RelayClient.assertSuccess;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.Transport;
import dev.culvert.stun.MessageClass;
import dev.culvert.stun.Method;
import dev.culvert.stun.StunCodec;
import dev.culvert.stun.StunMessage;
import dev.culvert.stun.attribute.Attribute;
import dev.culvert.stun.attribute.Nonce;
import dev.culvert.stun.attribute.PasswordAlgorithms;
import dev.culvert.stun.attribute.Realm;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What somebody without credentials, or with another's, can do to a relay. */
final class ChallengeTest {
  private final RelayFixture relay = new RelayFixture();
  private final RelayClient client = relay.udp("20.0.0.1", 5000);

  @ParameterizedTest
  @ValueSource(strings = {"20.0.0.1", "2a00::1"})
  void isAtMostFourTimesTheRequestOnTheWire(String ip) {
    RelayClient anybody = relay.udp(ip, 5000);
    int headers = ip.contains(":") ? 48 : 28;
    for (List<Attribute> attributes : List.of(List.<Attribute>of(), List.of(UDP))) {
      Bytes request =
          StunCodec.encode(
              new StunMessage(
                  MessageClass.REQUEST, Method.ALLOCATE, RelayClient.newId(), attributes));
      relay.receive(anybody.flow, request);
      List<Bytes> responses = relay.takeSentTo(anybody.address());
      assertEquals(1, responses.size());
      int most = 4 * (request.length() + headers);
      assertTrue(responses.get(0).length() + headers <= most, responses::toString);
      StunMessage challenge = StunCodec.decode(responses.get(0)).packet().orElseThrow().message();
      assertRefused(401, challenge);
      assertTrue(challenge.has(Realm.class) && challenge.has(Nonce.class));
      assertTrue(challenge.has(PasswordAlgorithms.class));
    }
  }

  @Test
  void asksTheGateForDatagramsOnly() {
    AtomicInteger asked = new AtomicInteger();
    RelayFixture.Settings settings = new RelayFixture.Settings();
    settings.gate =
        (target, wireLength, now) -> {
          assertEquals(RelayFixture.ip("20.0.0.1"), target);
          assertTrue(wireLength > 100);
          return asked.incrementAndGet() <= 3;
        };
    RelayFixture gated = new RelayFixture(settings);
    RelayClient flooder = gated.udp("20.0.0.1", 5000);
    for (int i = 0; i < 10; i++) {
      gated.receive(flooder.flow, flooder.signed(Method.ALLOCATE, RelayClient.newId(), UDP));
    }
    assertEquals(3, flooder.messages().size());
    assertEquals(7, gated.server.counts().get(TurnCount.CHALLENGES_DROPPED));
    assertSuccess(gated.connect(Transport.TCP, "20.0.0.9", 1).request(Method.ALLOCATE, UDP));
    assertEquals(10, asked.get());
  }

  @Test
  void asksForAFreshNonce() {
    client.allocate();
    Bytes old = client.signed(Method.REFRESH, RelayClient.newId());
    relay.pass(Duration.ofMinutes(9));
    assertSuccess(client.request(Method.REFRESH));
    relay.pass(Duration.ofMinutes(9));
    relay.nanos = Duration.ofHours(5).toNanos();
    assertRefused(438, client.exchange(old));
  }

  @Test
  void takesNothingThatWasMeantForAnother() {
    client.allocate();
    Bytes mine = client.signed(Method.REFRESH, RelayClient.newId());
    RelayClient thief = relay.udp("20.0.0.1", 5001);
    assertRefused(438, thief.exchange(mine));
    assertEquals(1, relay.server.allocations());
  }

  @Test
  void takesNothingThatIsForgedOrCutOff() {
    client.allocate();
    Bytes request = client.signed(Method.REFRESH, RelayClient.newId());
    for (int i = 0; i < request.length(); i++) {
      relay.receive(client.flow, request.slice(0, i));
    }
    assertEquals(List.of(), client.messages());
    byte[] forged = request.toByteArray();
    for (int i = StunCodec.HEADER_LENGTH; i < forged.length; i++) {
      forged[i] ^= 1;
      relay.receive(client.flow, Bytes.copyOf(forged));
      forged[i] ^= 1;
      for (StunMessage response : client.messages()) {
        assertEquals(MessageClass.ERROR_RESPONSE, response.messageClass());
      }
    }
    assertEquals(1, relay.server.allocations());
  }

  @Test
  void keepsTheKeyOfAnAllocationThatIsThere() {
    // What a time-limited name may do ends with the allocation, not before.
    Map<String, String> users = new HashMap<>();
    users.put("alice", "secret");
    RelayFixture.Settings settings = new RelayFixture.Settings();
    settings.credentials = new Names("lab", users);
    RelayFixture limited = new RelayFixture(settings);
    RelayClient here = limited.udp("20.0.0.1", 5000);
    here.allocate();
    users.clear();
    assertSuccess(here.request(Method.REFRESH));
    assertRefused(401, limited.udp("20.0.0.1", 5001).request(Method.ALLOCATE, UDP));
  }
}
