package dev.culvert.turn.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.natsim.Link;
import dev.culvert.natsim.Resident;
import dev.culvert.natsim.World;
import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.IpLiterals;
import dev.culvert.sansio.ServerIdentity;
import dev.culvert.sansio.Transport;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.stun.LongTermCredential;
import dev.culvert.stun.Method;
import dev.culvert.stun.StunMessage;
import dev.culvert.stun.TransactionId;
import dev.culvert.stun.attribute.AlternateServer;
import dev.culvert.stun.attribute.Data;
import dev.culvert.stun.attribute.Icmp;
import dev.culvert.stun.attribute.XorPeerAddress;
import dev.culvert.turn.ChannelData;
import dev.culvert.turn.client.TurnClientEvent.Allocated;
import dev.culvert.turn.client.TurnClientEvent.ChannelBound;
import dev.culvert.turn.client.TurnClientEvent.Closed;
import dev.culvert.turn.client.TurnClientEvent.Failed;
import dev.culvert.turn.client.TurnClientEvent.Lost;
import dev.culvert.turn.client.TurnClientEvent.PeerRefused;
import dev.culvert.turn.client.TurnClientEvent.PeerUnreachable;
import dev.culvert.turn.client.TurnClientEvent.Permitted;
import dev.culvert.turn.client.TurnClientEvent.Postponed;
import dev.culvert.turn.client.TurnClientEvent.Received;
import dev.culvert.turn.client.TurnClientEvent.Redirected;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The client against a relay that says what a test wants it to say, in virtual time. */
class TurnClientTest {
  private static final TransportAddress SERVER = at("203.0.113.10", 3478);
  private static final TransportAddress OTHER = at("203.0.113.20", 3478);
  private static final TransportAddress RELAYED = at("203.0.113.10", 50_000);
  private static final TransportAddress PEER = at("198.51.100.7", 9);
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Link LINE = Link.of(Duration.ofMillis(10));

  private final List<TurnClientEvent> events = new ArrayList<>();
  private World world = new World(1);
  private ScriptedRelay relay = new ScriptedRelay(SERVER, RELAYED);
  private TurnClient client = new TurnClient(udp(), world.newRandom());
  private Resident<TurnClientEvent> seat = world.internet().host("x", LINE).run(client, e -> {});

  private static TransportAddress at(String ip, int port) {
    return new TransportAddress(ip(ip), port);
  }

  private static InetAddress ip(String text) {
    return IpLiterals.parse(text).orElseThrow();
  }

  private static TurnClientConfig udp() {
    return TurnClientConfig.of(SERVER, Transport.UDP, ScriptedRelay.USER);
  }

  private void begin(TurnClientConfig config) {
    begin(config, LINE, 1);
  }

  private void begin(TurnClientConfig config, Link line, long seed) {
    world = new World(seed);
    events.clear();
    Resident<String> server =
        world.internet().host("relay", LINE, SERVER.ip(), OTHER.ip()).run(relay, event -> {});
    if (config.transport().isStream()) {
      server.listen(config.transport(), SERVER);
    }
    client = new TurnClient(config, world.newRandom());
    seat = world.internet().host("client", line, ip("198.51.100.1")).run(client, events::add);
    world.run(SECOND);
  }

  private void say(StunMessage message) {
    relay.say(message);
    wake();
  }

  /** Any packet has the relay's driver look for what it has to send. */
  private void wake() {
    seat.execute(now -> client.permit(at("198.51.100.99", 1), now));
    world.run(SECOND);
  }

  private <E extends TurnClientEvent> List<E> told(Class<E> kind) {
    return events.stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  private static Bytes text(String text) {
    return Bytes.utf8(text);
  }

  private void send(TransportAddress peer, String... texts) {
    seat.execute(
        now -> {
          for (String one : texts) {
            assertTrue(client.send(peer, text(one), now));
          }
        });
  }

  @Test
  void answersTheChallengeAndTellsWhatItGot() {
    begin(udp());
    assertEquals(
        List.of(
            new Allocated(
                SERVER,
                List.of(RELAYED),
                relay.client.orElseThrow().remote(),
                Duration.ofMinutes(10))),
        events);
    assertEquals(List.of("Allocate 401", "Allocate"), relay.heard);
  }

  @ParameterizedTest
  @EnumSource(names = {"UDP", "TCP", "TLS"})
  void carriesDataOverEveryTransport(Transport transport) {
    begin(
        transport.isSecure()
            ? TurnClientConfig.secure(
                SERVER, transport, new ServerIdentity.HostName("relay.test"), ScriptedRelay.USER)
            : TurnClientConfig.of(SERVER, transport, ScriptedRelay.USER));
    send(PEER, "one", "two", "three");
    world.run(SECOND);
    assertEquals(List.of(new ChannelBound(PEER, 0x4000)), told(ChannelBound.class));
    send(PEER, "four", "");
    world.run(SECOND);
    assertEquals(
        List.of("one", "two", "three", "four", ""),
        told(Received.class).stream().map(received -> received.data().utf8()).toList());
    assertTrue(told(Received.class).stream().allMatch(one -> one.peer().equals(PEER)));
    assertEquals(1, relay.granted(Method.CHANNEL_BIND));
    assertEquals(5, relay.heard.stream().filter("ChannelData"::equals).count());
  }

  @Test
  void usesIndicationsWhileAPermissionIsAllThereIs() {
    begin(udp());
    seat.execute(now -> client.permit(PEER, now));
    world.run(SECOND);
    assertEquals(List.of(new Permitted(PEER.ip())), told(Permitted.class));
    send(PEER, "at once");
    world.run(SECOND);
    send(PEER, "over the channel");
    world.run(SECOND);
    List<String> asked = new ArrayList<>(relay.heard.subList(2, relay.heard.size()));
    assertTrue(asked.indexOf("CreatePermission") < asked.indexOf("Send"), asked.toString());
    assertTrue(asked.remove("Send") && asked.remove("ChannelBind"), asked.toString());
    assertEquals(List.of("CreatePermission", "ChannelData"), asked);
    assertEquals(2, told(Received.class).size());
  }

  @Test
  void aRelayWithoutChannelsStillCarries() {
    begin(udp());
    relay.refuse(Method.CHANNEL_BIND, 508);
    send(PEER, "through an indication");
    world.run(SECOND);
    send(PEER, "and another");
    world.run(SECOND);
    assertEquals(2, told(Received.class).size());
    assertEquals(2, relay.heard.stream().filter("Send"::equals).count());
    assertEquals(List.of(new Permitted(PEER.ip())), told(Permitted.class));
  }

  @Test
  void permissionsAskedForEarlyAreAskedOnceThereIsAnAllocation() {
    begin(udp());
    world = new World(2);
    relay = new ScriptedRelay(SERVER, RELAYED);
    world.internet().host("relay", LINE, SERVER.ip()).run(relay, event -> {});
    client = new TurnClient(udp(), world.newRandom());
    seat = world.internet().host("client", LINE, ip("198.51.100.1")).run(client, events::add);
    seat.execute(now -> client.permit(PEER, now));
    seat.execute(now -> assertFalse(client.send(PEER, text("too early"), now)));
    world.run(SECOND);
    assertEquals(1, relay.granted(Method.CREATE_PERMISSION));
  }

  @Test
  void aRefusedPeerIsToldAndHoldsNothingBack() {
    begin(udp());
    relay.refuse(Method.CHANNEL_BIND, 403);
    send(PEER, "never arrives");
    world.run(SECOND);
    assertEquals(
        List.of(new PeerRefused(PEER.ip(), 403, "the server says 403 Forbidden")),
        told(PeerRefused.class));
    send(PEER, "the next attempt does");
    world.run(SECOND);
    assertEquals(List.of(new Received(PEER, text("the next attempt does"))), told(Received.class));
  }

  @Test
  void refreshesWhatItHasForHours() {
    begin(udp());
    send(PEER, "hello");
    seat.execute(now -> client.permit(at("198.51.100.8", 9), now));
    world.run(Duration.ofHours(2));
    assertEquals(1, told(Allocated.class).size());
    assertTrue(told(Lost.class).isEmpty());
    // Every minute, and every 4.
    assertEquals(120, relay.granted(Method.REFRESH));
    assertEquals(30, relay.granted(Method.CHANNEL_BIND));
    assertEquals(30, relay.granted(Method.CREATE_PERMISSION));
    assertEquals(360, relay.granted(Method.BINDING), "signs of life between them");
  }

  @Test
  void forgottenPeersAreNotProlongedAndKeepTheirNumberForAWhile() {
    begin(udp());
    send(PEER, "hello");
    world.run(SECOND);
    seat.execute(now -> client.forget(PEER.ip(), now));
    world.run(Duration.ofMinutes(5));
    assertEquals(1, relay.granted(Method.CHANNEL_BIND));
    send(PEER, "again");
    send(at("198.51.100.7", 10), "another");
    world.run(SECOND);
    assertEquals(
        List.of(0x4000, 0x4000, 0x4001),
        told(ChannelBound.class).stream().map(ChannelBound::channel).toList());
  }

  @Test
  void aStaleNonceCostsOneRoundTripAndNoMore() {
    begin(udp().withKeepalive(Duration.ofMinutes(10)));
    for (int i = 0; i < 20; i++) {
      TransportAddress peer = PEER.withPort(1000 + i);
      send(peer, "hello");
    }
    world.run(SECOND);
    relay.nonceAge = 7;
    relay.heard.clear();
    world.run(Duration.ofMinutes(4));
    assertEquals(20, relay.granted(Method.CHANNEL_BIND), relay.heard.toString());
    assertEquals(20, relay.heard.stream().filter("ChannelBind 438"::equals).count());
    assertTrue(told(PeerRefused.class).isEmpty());
    assertTrue(told(Lost.class).isEmpty());
  }

  @Test
  void theWrongPasswordFailsWithItsReason() {
    begin(TurnClientConfig.of(SERVER, Transport.UDP, new LongTermCredential("user", "mistyped")));
    assertEquals(
        List.of(new Failed(401, "the server does not accept this user name and password")), events);
  }

  @Test
  void anAllocationOfSomebodyElseIsLeftForAFreshPort() {
    relay.refuse(Method.ALLOCATE, 437).refuse(Method.ALLOCATE, 437);
    begin(udp());
    assertEquals(1, told(Allocated.class).size());
    assertEquals(2, relay.heard.stream().filter("Allocate 437"::equals).count());
    assertEquals(2, relay.heard.stream().filter("Allocate 438"::equals).count(), "other nonces");
  }

  @Test
  void afterThreeFreshPortsItGivesUp() {
    for (int i = 0; i < 4; i++) {
      relay.refuse(Method.ALLOCATE, 437);
    }
    begin(udp());
    assertEquals(List.of(new Failed(437, "the server says 437 Allocation Mismatch")), events);
  }

  @Test
  void followsAProvenRedirectionOnceAndNotInCircles() {
    ScriptedRelay second = new ScriptedRelay(OTHER, at("203.0.113.20", 50_001));
    relay.refuse(Method.ALLOCATE, 300, new AlternateServer(OTHER));
    world = new World(3);
    world.internet().host("relay", LINE, SERVER.ip()).run(relay, event -> {});
    world.internet().host("second", LINE, OTHER.ip()).run(second, event -> {});
    client = new TurnClient(udp(), world.newRandom());
    seat = world.internet().host("client", LINE, ip("198.51.100.1")).run(client, events::add);
    world.run(SECOND);
    assertEquals(List.of(new Redirected(OTHER)), told(Redirected.class));
    assertEquals(OTHER, told(Allocated.class).get(0).server());

    events.clear();
    relay.refuse(Method.ALLOCATE, 300, new AlternateServer(OTHER));
    second.refuse(Method.ALLOCATE, 300, new AlternateServer(SERVER));
    TurnClient circling = new TurnClient(udp(), world.newRandom());
    world.internet().host("third", LINE, ip("198.51.100.2")).run(circling, events::add);
    world.run(SECOND);
    assertEquals(1, told(Redirected.class).size());
    assertEquals(300, told(Failed.class).get(0).code());
  }

  @ParameterizedTest
  @ValueSource(ints = {486, 500, 508})
  void aFullServerIsAskedAgainAfterLongerAndLongerPauses(int code) {
    for (int i = 0; i < 3; i++) {
      relay.refuse(Method.ALLOCATE, code);
    }
    begin(udp());
    world.run(Duration.ofMinutes(7));
    assertEquals(
        List.of(1L, 2L, 4L),
        told(Postponed.class).stream().map(event -> event.pause().toMinutes()).toList());
    assertTrue(told(Allocated.class).isEmpty());
    world.run(Duration.ofMinutes(2));
    assertEquals(1, told(Allocated.class).size());
  }

  @Test
  void aServerThatForgotTheAllocationMeansLoss() {
    begin(udp());
    relay.lostAllocation = true;
    send(PEER, "hello");
    world.run(SECOND);
    assertEquals(
        List.of(new Lost(437, "the server says 437 Allocation Mismatch")), told(Lost.class));
    seat.execute(now -> assertFalse(client.send(PEER, text("late"), now)));
  }

  @Test
  void aServerThatFallsSilentMeansLossAfterTheRefreshWentUnanswered() {
    begin(udp());
    relay.silent = true;
    world.run(Duration.ofMinutes(9).plus(Duration.ofSeconds(41)));
    assertEquals(List.of(new Lost(0, "the server did not answer")), told(Lost.class));
    assertEquals(events.size(), events.lastIndexOf(told(Lost.class).get(0)) + 1);
  }

  @Test
  void whereNobodyListensItFailsAtOnce() {
    begin(TurnClientConfig.of(SERVER.withPort(99), Transport.UDP, ScriptedRelay.USER));
    assertEquals(List.of(new Failed(0, "nothing reaches the server (REFUSED)")), events);
    begin(TurnClientConfig.of(SERVER.withPort(99), Transport.TCP, ScriptedRelay.USER));
    assertEquals(1, told(Failed.class).size());
    assertTrue(told(Failed.class).get(0).reason().startsWith("TCP to 203.0.113.10:99"));
  }

  @Test
  void closingGivesTheAllocationBack() {
    begin(udp());
    seat.execute(client::close);
    world.run(SECOND);
    assertEquals(List.of(new Closed()), events.subList(1, events.size()));
    assertTrue(relay.client.isEmpty());
    assertEquals(Optional.empty(), client.nextDeadline());
  }

  @Test
  void closingTowardSilenceTakesThreeSeconds() {
    begin(udp());
    relay.silent = true;
    seat.execute(client::close);
    world.run(Duration.ofSeconds(2));
    assertTrue(told(Closed.class).isEmpty());
    world.run(SECOND);
    assertEquals(1, told(Closed.class).size());
  }

  @Test
  void aConnectionThatBreaksMeansLoss() {
    begin(TurnClientConfig.of(SERVER, Transport.TCP, ScriptedRelay.USER));
    relay.put(relay.client.orElseThrow(), Bytes.wrap(new byte[20]));
    wake();
    assertEquals(1, told(Lost.class).size());
    assertTrue(told(Lost.class).get(0).reason().startsWith("the server's stream: "));
  }

  @Test
  void whatNobodyAskedForIsDropped() {
    begin(udp());
    TransactionId id = new TransactionId(0, 0);
    TransportAddress stranger = at("192.0.2.66", 6);
    say(StunMessage.indication(Method.DATA, id, new XorPeerAddress(stranger), new Data(text("x"))));
    relay.put(relay.client.orElseThrow(), new ChannelData(0x4abc, text("y")).encode());
    relay.put(relay.client.orElseThrow(), Bytes.of(0x40));
    relay.put(relay.client.orElseThrow(), Bytes.empty());
    relay.put(relay.client.orElseThrow(), Bytes.wrap(new byte[20]));
    wake();
    assertTrue(told(Received.class).isEmpty());
    assertEquals(1, events.stream().filter(event -> !(event instanceof Permitted)).count());
  }

  @Test
  void icmpFromAPeersNetworkIsTold() {
    begin(udp());
    send(PEER, "hello");
    world.run(SECOND);
    TransactionId id = new TransactionId(0, 0);
    say(StunMessage.indication(Method.DATA, id, new XorPeerAddress(PEER), new Icmp(3, 3, 0)));
    assertEquals(List.of(new PeerUnreachable(PEER, 3, 3)), told(PeerUnreachable.class));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
  void badLinesOnlyCostTime(long seed) {
    Link bad =
        new Link(Duration.ofMillis(40), Duration.ofMillis(30), 0.2, 0.1, 0.1, LINE.capacity());
    begin(udp(), bad, seed);
    world.runUntil(() -> !told(Allocated.class).isEmpty(), Duration.ofMinutes(2));
    String again = "seed " + seed + ": " + events;
    assertEquals(1, told(Allocated.class).size(), again);
    send(PEER, "first");
    world.runUntil(() -> !told(ChannelBound.class).isEmpty(), Duration.ofMinutes(2));
    relay.nonceAge++;
    for (int i = 0; i < 100; i++) {
      send(PEER, "n" + i);
      world.run(Duration.ofSeconds(15));
    }
    assertTrue(told(Lost.class).isEmpty(), again);
    assertTrue(told(PeerRefused.class).isEmpty(), again);
    Set<String> came =
        told(Received.class).stream().map(one -> one.data().utf8()).collect(Collectors.toSet());
    assertTrue(came.size() > 40, again);
    assertTrue(came.stream().allMatch(one -> one.matches("first|n[0-9]{1,2}")), again);
  }

  @Test
  void configurationsThatMakeNoSenseAreRefused() {
    assertThrows(
        IllegalArgumentException.class,
        () -> TurnClientConfig.of(SERVER, Transport.TLS, ScriptedRelay.USER));
    assertThrows(IllegalArgumentException.class, () -> udp().from(at("2001:db8::1", 0)));
    assertThrows(IllegalArgumentException.class, () -> udp().withKeepalive(Duration.ZERO));
    assertThrows(IllegalArgumentException.class, () -> udp().withLifetime(Duration.ZERO));
    begin(udp());
    seat.execute(
        now ->
            assertThrows(
                IllegalArgumentException.class,
                () -> client.send(PEER, Bytes.wrap(new byte[65_001]), now)));
  }
}
