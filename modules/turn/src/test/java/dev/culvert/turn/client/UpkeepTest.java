package dev.culvert.turn.client;

import static dev.culvert.turn.client.VirtualClient.PEER;
import static dev.culvert.turn.client.VirtualClient.SECOND;
import static dev.culvert.turn.client.VirtualClient.SERVER;
import static dev.culvert.turn.client.VirtualClient.at;
import static dev.culvert.turn.client.VirtualClient.udp;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.natsim.Link;
import dev.culvert.sansio.Transport;
import dev.culvert.stun.Method;
import dev.culvert.turn.client.TurnClientEvent.Allocated;
import dev.culvert.turn.client.TurnClientEvent.Lost;
import dev.culvert.turn.client.TurnClientEvent.PeerRefused;
import dev.culvert.turn.client.TurnClientEvent.Received;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How soon a client knows that its allocation is gone, and what it takes for no loss. */
class UpkeepTest {
  private static final Duration INTERVAL = TurnClientConfig.STANDARD_KEEPALIVE;
  private static final Lost MISMATCH = new Lost(437, "the server says 437 Allocation Mismatch");

  private static void assertWithin(Duration limit, Duration took) {
    assertTrue(took.compareTo(limit) <= 0, took + " is more than " + limit);
  }

  @Test
  void aNatThatRebootsIsNoticedWithinOneInterval() {
    VirtualClient one = new VirtualClient(udp());
    one.send(PEER, "hello");
    one.nat.restart();
    assertWithin(INTERVAL.plus(SECOND), one.until(Lost.class));
    assertEquals(List.of(MISMATCH), one.told(Lost.class));
  }

  @Test
  void itIsNoticedEvenWhileTheApplicationSends() {
    VirtualClient one = new VirtualClient(udp());
    one.send(PEER, "hello");
    one.world.run(SECOND);
    one.nat.restart();
    for (int i = 0; i < 160 && one.told(Lost.class).isEmpty(); i++) {
      one.send(PEER, "into the void");
      one.world.run(Duration.ofMillis(100));
    }
    assertEquals(List.of(MISMATCH), one.told(Lost.class));
  }

  @Test
  void anotherAddressWithoutALossIsNone() {
    VirtualClient one = new VirtualClient(udp());
    one.relay.moved = Optional.of(at("203.0.113.78", 7));
    one.world.run(Duration.ofMinutes(1));
    assertTrue(one.told(Lost.class).isEmpty());
    assertEquals(2, one.relay.granted(Method.REFRESH), "one for the doubt, one in the minute");
  }

  @Test
  void aServerThatWasStartedAnewIsNoticedWithinAMinute() {
    VirtualClient one = new VirtualClient(udp());
    one.restartTheRelay();
    assertWithin(INTERVAL.multipliedBy(4).plus(SECOND), one.until(Lost.class));
    assertEquals(List.of(MISMATCH), one.told(Lost.class));
    assertTrue(one.relay.heard.containsAll(List.of("Refresh 438", "Refresh 437")));
  }

  @Test
  void aServerWhoseProcessIsGoneIsNoticedWithinOneInterval() {
    VirtualClient one = new VirtualClient(udp());
    one.server.stop();
    assertWithin(INTERVAL.plus(SECOND), one.until(Lost.class));
    assertEquals(
        List.of(new Lost(0, "nothing reaches the server (REFUSED)")), one.told(Lost.class));
  }

  @ParameterizedTest
  @EnumSource(names = {"UDP", "TCP"})
  void silenceIsLossWithinAboutAMinute(Transport transport) {
    VirtualClient one =
        new VirtualClient(TurnClientConfig.of(SERVER, transport, ScriptedRelay.USER));
    one.relay.silent = true;
    assertWithin(Duration.ofSeconds(66), one.until(Lost.class));
    assertEquals(0, one.told(Lost.class).get(0).code());
  }

  @Test
  void aConnectionThroughANatThatRebootsIsLostToo() {
    VirtualClient one =
        new VirtualClient(TurnClientConfig.of(SERVER, Transport.TCP, ScriptedRelay.USER));
    one.nat.restart();
    assertWithin(Duration.ofSeconds(66), one.until(Lost.class));
  }

  @Test
  void aRelayThatIsDeafToBindingIsAskedByRefresh() {
    VirtualClient one = new VirtualClient(udp());
    one.relay.deafTo.add(Method.BINDING);
    one.world.run(Duration.ofHours(1));
    assertTrue(one.told(Lost.class).isEmpty(), one.events.toString());
    assertTrue(one.relay.granted(Method.REFRESH) > 230);
    one.nat.restart();
    assertWithin(INTERVAL.plus(SECOND), one.until(Lost.class));
  }

  @Test
  void aRelayThatWantsCredentialsForBindingIsAskedByRefresh() {
    VirtualClient one = new VirtualClient(udp());
    one.relay.always.put(Method.BINDING, 401);
    one.world.run(Duration.ofHours(1));
    assertTrue(one.told(Lost.class).isEmpty(), one.events.toString());
    assertTrue(one.heard(Method.BINDING) <= 4, "it is not asked in vain for hours");
    assertTrue(one.relay.granted(Method.REFRESH) > 230);
  }

  @Test
  void aRefreshWithoutAnswerIsNoLossWhileTheServerSpeaks() {
    VirtualClient one = new VirtualClient(udp());
    one.relay.deafTo.add(Method.REFRESH);
    one.world.run(Duration.ofMinutes(5));
    assertTrue(one.told(Lost.class).isEmpty(), one.events.toString());
    one.relay.deafTo.clear();
    one.world.run(Duration.ofMinutes(30));
    assertTrue(one.told(Lost.class).isEmpty(), one.events.toString());
    one.relay.deafTo.add(Method.REFRESH);
    assertWithin(Duration.ofMinutes(11), one.until(Lost.class));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void aQuietClientOnALineThatLosesAFifthLosesNothing(long seed) {
    VirtualClient one = new VirtualClient(udp(), seed);
    one.nat.relink(Link.of(Duration.ofMillis(30)).losing(0.2));
    one.world.run(Duration.ofHours(24));
    assertTrue(one.told(Lost.class).isEmpty(), "seed " + seed + ": " + one.events);
  }

  @ParameterizedTest
  @ValueSource(ints = {486, 500, 508})
  void aServerInTroubleIsAskedAgainWhileItKeepsTheAllocation(int code) {
    VirtualClient one = new VirtualClient(udp());
    one.relay.always.put(Method.REFRESH, code);
    one.world.run(Duration.ofMinutes(5));
    assertTrue(one.told(Lost.class).isEmpty(), one.events.toString());
    one.relay.always.clear();
    one.world.run(Duration.ofMinutes(20));
    assertTrue(one.told(Lost.class).isEmpty(), one.events.toString());
    one.relay.always.put(Method.REFRESH, code);
    one.world.run(Duration.ofMinutes(11));
    assertEquals(List.of(code), one.told(Lost.class).stream().map(Lost::code).toList());
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 401, 403, 437, 441})
  void aRefreshThatIsRefusedMeansLoss(int code) {
    VirtualClient one = new VirtualClient(udp());
    one.relay.always.put(Method.REFRESH, code);
    one.world.run(Duration.ofMinutes(2));
    assertEquals(List.of(code), one.told(Lost.class).stream().map(Lost::code).toList());
    assertEquals(1, one.told(Allocated.class).size());
  }

  @Test
  void aProlongationWithoutAnswerCostsNoPeer() {
    VirtualClient one = new VirtualClient(udp().withKeepalive(Duration.ofMinutes(30)));
    one.send(PEER, "hello");
    one.seat.execute(now -> one.client.permit(at("198.51.100.8", 8), now));
    one.world.run(Duration.ofMinutes(4).minus(SECOND.multipliedBy(2)));
    one.relay.silent = true;
    one.world.run(Duration.ofSeconds(45));
    one.relay.silent = false;
    one.world.run(Duration.ofSeconds(30));
    assertTrue(one.told(PeerRefused.class).isEmpty(), one.events.toString());
    one.send(PEER, "again");
    one.world.run(SECOND);
    assertEquals(2, one.told(Received.class).size());
    assertEquals(2, one.relay.granted(Method.CHANNEL_BIND));
    assertEquals(2, one.relay.granted(Method.CREATE_PERMISSION));
  }
}
