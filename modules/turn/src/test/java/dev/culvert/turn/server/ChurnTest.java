package dev.culvert.turn.server;

import static dev.culvert.turn.server.RelayClient.assertSuccess;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.sansio.TransportAddress;
import dev.culvert.stun.Method;
import dev.culvert.stun.attribute.Lifetime;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A day of clients that come and go leaves nothing behind. */
final class ChurnTest {
  private static final int CLIENTS = 20_000;

  @Test
  void leavesNothingBehindAfterADay() {
    Random random = new Random(3);
    RelayFixture relay = new RelayFixture();
    Duration between = Duration.ofDays(1).dividedBy(CLIENTS);
    int most = 0;
    for (int i = 0; i < CLIENTS; i++) {
      RelayClient client =
          relay.udp("20." + i % 200 + "." + random.nextInt(200) + ".1", 1024 + i % 60000);
      TransportAddress peer = RelayFixture.address("21.0." + i % 250 + ".1", 7000);
      client.allocate();
      client.bind(0x4000 + random.nextInt(0xfff), peer);
      if (random.nextInt(3) == 0) {
        assertSuccess(client.request(Method.REFRESH, new Lifetime(0)));
      }
      relay.sent.clear();
      relay.events.clear();
      relay.closed.clear();
      relay.pass(between);
      most = Math.max(most, relay.open.size());
    }
    assertTrue(most < 400, () -> "so many at once: " + relay.open.size());
    relay.pass(Duration.ofHours(2));
    assertEquals(0, relay.server.allocations());
    assertTrue(relay.open.isEmpty());
    assertEquals(0, relay.resources.quotas().shares());
    assertTrue(relay.server.nextDeadline().isEmpty(), "something is still to be done");
  }

  @Test
  void refreshesQueueNothingUp() {
    RelayFixture relay = new RelayFixture();
    RelayClient client = relay.udp("20.0.0.1", 5000);
    client.allocate();
    for (int i = 0; i < 1000; i++) {
      assertSuccess(client.request(Method.REFRESH, new Lifetime(600 + i % 3000)));
      relay.events.clear();
    }
    relay.pass(Duration.ofHours(1));
    assertEquals(0, relay.server.allocations());
    assertTrue(relay.server.nextDeadline().isEmpty());
  }
}
