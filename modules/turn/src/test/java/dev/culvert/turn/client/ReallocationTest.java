package dev.culvert.turn.client;

import static dev.culvert.turn.client.VirtualClient.PEER;
import static dev.culvert.turn.client.VirtualClient.SECOND;
import static dev.culvert.turn.client.VirtualClient.at;
import static dev.culvert.turn.client.VirtualClient.udp;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.stun.Method;
import dev.culvert.turn.client.TurnClientEvent.Allocated;
import dev.culvert.turn.client.TurnClientEvent.ChannelBound;
import dev.culvert.turn.client.TurnClientEvent.Closed;
import dev.culvert.turn.client.TurnClientEvent.Failed;
import dev.culvert.turn.client.TurnClientEvent.Lost;
import dev.culvert.turn.client.TurnClientEvent.Permitted;
import dev.culvert.turn.client.TurnClientEvent.Postponed;
import dev.culvert.turn.client.TurnClientEvent.Received;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Another allocation after a loss. */
class ReallocationTest {
  private static final TransportAddress OTHER = at("198.51.100.8", 8);

  @Test
  void peersAreKnownToTheNextAllocation() {
    VirtualClient one = new VirtualClient(udp().withReallocation());
    one.send(PEER, "hello");
    one.seat.execute(now -> one.client.permit(OTHER, now));
    one.world.run(SECOND);
    one.nat.restart();
    one.until(Lost.class);
    assertEquals(1, one.told(Postponed.class).size());
    one.seat.execute(now -> assertFalse(one.client.send(PEER, Bytes.utf8("too early"), now)));
    Duration took = one.until(Allocated.class);
    assertTrue(took.compareTo(Duration.ofMillis(1500)) < 0, took.toString());
    one.world.run(SECOND);
    assertEquals(2, one.told(ChannelBound.class).size());
    assertEquals(2, one.told(Permitted.class).size());
    one.send(PEER, "again");
    one.world.run(SECOND);
    assertEquals(
        List.of("hello", "again"),
        one.told(Received.class).stream().map(each -> each.data().utf8()).toList());
  }

  @Test
  void forgottenPeersAreNot() {
    VirtualClient one = new VirtualClient(udp().withReallocation());
    one.send(PEER, "hello");
    one.world.run(SECOND);
    one.restartTheRelay();
    one.until(Lost.class);
    one.seat.execute(now -> one.client.forget(PEER.ip(), now));
    one.until(Allocated.class);
    one.world.run(SECOND);
    assertEquals(1, one.told(ChannelBound.class).size());
  }

  @Test
  void aServerThatIsAwayForAnHourIsAskedAbout20Times() {
    VirtualClient one = new VirtualClient(udp().withReallocation());
    one.relay.silent = true;
    one.world.run(Duration.ofHours(1));
    int pauses = one.told(Postponed.class).size();
    assertTrue(pauses >= 12 && pauses <= 22, "pauses: " + pauses);
    List<Duration> told = one.told(Postponed.class).stream().map(Postponed::pause).toList();
    assertTrue(told.get(0).compareTo(SECOND) >= 0, told.toString());
    assertTrue(told.get(11).compareTo(Duration.ofMinutes(5)) >= 0, told.toString());
    assertTrue(
        told.stream().allMatch(pause -> pause.compareTo(Duration.ofSeconds(375)) <= 0),
        told.toString());
    one.relay.silent = false;
    one.restartTheRelay();
    one.until(Allocated.class);
    assertEquals(1, one.told(Lost.class).size());
  }

  @Test
  void aServerThatLosesEveryAllocationAtOnceIsNotHammered() {
    VirtualClient one = new VirtualClient(udp().withReallocation());
    one.relay.always.put(Method.REFRESH, 403);
    one.world.run(Duration.ofHours(6));
    assertTrue(one.told(Lost.class).size() > 2);
    assertTrue(
        one.heard(Method.ALLOCATE) < 6 * 40, "asked " + one.heard(Method.ALLOCATE) + " times");
  }

  @Test
  void aCredentialThatIsNoLongerGoodEndsIt() {
    VirtualClient one = new VirtualClient(udp().withReallocation());
    one.relay.always.put(Method.ALLOCATE, 403);
    one.restartTheRelay();
    one.world.run(Duration.ofMinutes(2));
    assertEquals(List.of(437), one.told(Lost.class).stream().map(Lost::code).toList());
    assertEquals(List.of(403), one.told(Failed.class).stream().map(Failed::code).toList());
    assertEquals(one.events.size() - 1, one.events.indexOf(one.told(Failed.class).get(0)));
  }

  @Test
  void aFirstAttemptThatFailsIsNoLoss() {
    VirtualClient one =
        new VirtualClient(
            TurnClientConfig.of(
                    VirtualClient.SERVER.withPort(99), udp().transport(), ScriptedRelay.USER)
                .withReallocation());
    assertEquals(1, one.told(Failed.class).size());
  }

  @Test
  void closingWhileItWaitsEndsIt() {
    VirtualClient one = new VirtualClient(udp().withReallocation());
    one.relay.silent = true;
    one.until(Postponed.class);
    one.seat.execute(one.client::close);
    one.world.run(SECOND);
    assertEquals(new Closed(), one.events.get(one.events.size() - 1));
    assertTrue(one.client.nextDeadline().isEmpty());
  }
}
