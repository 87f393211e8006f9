package dev.culvert.turn.server;

import static dev.culvert.turn.server.RelayClient.UDP;
import static dev.culvert.turn.server.RelayClient.assertRefused;
import static dev.culvert.turn.server.RelayClient.assertSuccess;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.sansio.Transport;
import dev.culvert.stun.Method;
import dev.culvert.stun.StunMessage;
import dev.culvert.stun.TransactionId;
import dev.culvert.stun.attribute.AdditionalAddressFamily;
import dev.culvert.stun.attribute.AddressFamily;
import dev.culvert.stun.attribute.Lifetime;
import dev.culvert.stun.attribute.RequestedAddressFamily;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Refresh requests and the end of allocations: RFC 8656 §8.2. */
final class RefreshTest {
  private final RelayFixture relay = new RelayFixture();
  private final RelayClient client = relay.udp("20.0.0.1", 5000);

  @Test
  void endsWhatIsNotRefreshed() {
    client.allocate();
    relay.pass(Duration.ofSeconds(599));
    assertEquals(1, relay.server.allocations());
    relay.pass(Duration.ofSeconds(1));
    assertEquals(0, relay.server.allocations());
    assertTrue(relay.open.isEmpty());
    assertEquals(TurnEvent.Ended.Cause.EXPIRED, cause());
  }

  @Test
  void keepsWhatIsRefreshed() {
    client.allocate();
    for (int i = 0; i < 50; i++) {
      relay.pass(Duration.ofMinutes(9));
      StunMessage response = client.request(Method.REFRESH);
      assertSuccess(response);
      assertEquals(600, response.first(Lifetime.class).orElseThrow().seconds());
    }
    assertEquals(1, relay.server.allocations());
  }

  @Test
  void shortensALifetime() {
    assertSuccess(client.request(Method.ALLOCATE, UDP, new Lifetime(3600)));
    assertSuccess(client.request(Method.REFRESH, new Lifetime(700)));
    relay.pass(Duration.ofSeconds(700));
    assertEquals(0, relay.server.allocations());
  }

  @Test
  void givesBackOnceAndSaysSoAgain() {
    client.allocate();
    TransactionId id = RelayClient.newId();
    assertSuccess(client.request(Method.REFRESH, id, new Lifetime(0)));
    assertEquals(TurnEvent.Ended.Cause.RELEASED, cause());
    assertSuccess(client.request(Method.REFRESH, id, new Lifetime(0)));
    assertRefused(437, client.request(Method.REFRESH, new Lifetime(0)));
    client.allocate();
    // The old request comes late: the new allocation stays.
    assertSuccess(client.request(Method.REFRESH, id, new Lifetime(0)));
    assertEquals(1, relay.server.allocations());
    relay.pass(Duration.ofSeconds(40));
    assertRefused(437, relay.udp("20.0.0.1", 5001).request(Method.REFRESH, id, new Lifetime(0)));
  }

  @Test
  void refreshesOneFamilyOfTwo() {
    assertSuccess(
        client.request(Method.ALLOCATE, UDP, new AdditionalAddressFamily(AddressFamily.IPV6)));
    assertSuccess(
        client.request(
            Method.REFRESH, new RequestedAddressFamily(AddressFamily.IPV6), new Lifetime(0)));
    assertEquals(1, relay.open.size());
    assertEquals(1, relay.server.allocations());
    assertRefused(
        443, client.request(Method.REFRESH, new RequestedAddressFamily(AddressFamily.IPV6)));
    assertSuccess(client.request(Method.REFRESH, new RequestedAddressFamily(AddressFamily.IPV4)));
    relay.pass(Duration.ofMinutes(10));
    assertEquals(0, relay.server.allocations());
  }

  @Test
  void isRefusedToOtherUsersAndToStrangers() {
    client.allocate();
    assertRefused(441, client.as("bob", "other").request(Method.REFRESH));
    assertRefused(437, relay.udp("20.0.0.1", 5001).request(Method.REFRESH));
    assertRefused(401, relay.udp("20.0.0.1", 5002).as("alice", "wrong").request(Method.REFRESH));
  }

  @Test
  void endsWithTheConnection() {
    RelayClient tcp = relay.connect(Transport.TLS, "20.0.0.1", 6000);
    tcp.allocate();
    relay.closed(tcp.flow.id());
    assertEquals(0, relay.server.allocations());
    assertEquals(TurnEvent.Ended.Cause.DISCONNECTED, cause());
  }

  private TurnEvent.Ended.Cause cause() {
    return ((TurnEvent.Ended) relay.events.get(relay.events.size() - 1)).cause();
  }
}
