package dev.culvert.turn.client;

import static dev.culvert.turn.client.VirtualClient.PEER;
import static dev.culvert.turn.client.VirtualClient.RELAYED;
import static dev.culvert.turn.client.VirtualClient.SECOND;
import static dev.culvert.turn.client.VirtualClient.SERVER;
import static dev.culvert.turn.client.VirtualClient.at;
import static dev.culvert.turn.client.VirtualClient.ip;
import static dev.culvert.turn.client.VirtualClient.udp;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.natsim.Link;
import dev.culvert.natsim.Resident;
import dev.culvert.natsim.World;
import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.CloseCause;
import dev.culvert.sansio.Flow;
import dev.culvert.sansio.Input;
import dev.culvert.sansio.Transport;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.stun.Method;
import dev.culvert.stun.StunCodec;
import dev.culvert.stun.StunMessage;
import dev.culvert.stun.TransactionId;
import dev.culvert.stun.attribute.AlternateServer;
import dev.culvert.stun.attribute.Data;
import dev.culvert.stun.attribute.XorPeerAddress;
import dev.culvert.turn.ChannelData;
import dev.culvert.turn.client.TurnClientEvent.Allocated;
import dev.culvert.turn.client.TurnClientEvent.Closed;
import dev.culvert.turn.client.TurnClientEvent.Failed;
import dev.culvert.turn.client.TurnClientEvent.Lost;
import dev.culvert.turn.client.TurnClientEvent.Received;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Relays' clients over a socket that belongs to somebody else. */
class SharedSocketTest {
  private static final TransportAddress OTHER = at("203.0.113.20", 3478);
  private static final TransportAddress LOCAL = at("198.51.100.1", 4000);
  private static final Link LINE = Link.of(Duration.ofMillis(10));

  private final List<TurnClientEvent> events = new ArrayList<>();
  private final World world = new World(1);
  private final ScriptedRelay relay = new ScriptedRelay(SERVER, RELAYED);
  private final ScriptedRelay second = new ScriptedRelay(OTHER, at("203.0.113.20", 50_000));
  private final SocketOwner owner = new SocketOwner(LOCAL, world.newRandom());
  private final Resident<TurnClientEvent> seat =
      world.internet().host("client", LINE, LOCAL.ip()).run(owner, events::add);

  private void begin(TurnClientConfig... configs) {
    begin(LINE, configs);
  }

  private void begin(Link line, TurnClientConfig... configs) {
    world.internet().host("relay", line, SERVER.ip()).run(relay, event -> {});
    world.internet().host("second", LINE, OTHER.ip()).run(second, event -> {});
    world.run(SECOND);
    seat.execute(now -> owner.begin(now, configs));
    world.run(SECOND);
  }

  private <E extends TurnClientEvent> List<E> told(Class<E> kind) {
    return events.stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  private TurnClient client() {
    return owner.clients.get(0);
  }

  @Test
  void theRelayServesTheSocketsOwnPort() {
    begin(udp());
    assertEquals(LOCAL, told(Allocated.class).get(0).mapped());
    seat.execute(now -> assertTrue(client().send(PEER, Bytes.utf8("hello"), now)));
    world.run(Duration.ofMinutes(30));
    assertEquals(1, told(Received.class).size());
    assertTrue(owner.own.isEmpty(), owner.own.toString());
    seat.execute(client()::close);
    world.run(SECOND);
    assertEquals(1, told(Closed.class).size());
    assertTrue(relay.client.isEmpty());
    seat.execute(now -> owner.send(OTHER, binding(1)));
    world.run(SECOND);
    assertEquals(1, owner.own.size(), "the socket is still the owner's");
  }

  private static Bytes binding(long id) {
    return StunCodec.encode(StunMessage.request(Method.BINDING, new TransactionId(9, id)));
  }

  @Test
  void twoRelaysGoOverOneSocket() {
    begin(udp(), TurnClientConfig.of(OTHER, Transport.UDP, ScriptedRelay.USER));
    assertEquals(
        List.of(SERVER, OTHER), told(Allocated.class).stream().map(Allocated::server).toList());
    for (TurnClient client : owner.clients) {
      seat.execute(now -> assertTrue(client.send(PEER, Bytes.utf8("hello"), now)));
    }
    world.run(SECOND);
    assertEquals(2, told(Received.class).size());
    assertEquals(1, relay.granted(Method.CHANNEL_BIND));
    assertEquals(1, second.granted(Method.CHANNEL_BIND));
  }

  @Test
  void theOwnersOwnTalkWithTheSameServerIsTheOwners() {
    begin(udp());
    seat.execute(now -> owner.send(SERVER, binding(1)));
    world.run(SECOND);
    assertEquals(1, owner.own.size());
  }

  /** A relay further away than a client waits is asked twice and answers twice. */
  @Test
  void secondAnswersAreTheClientsToo() {
    begin(Link.of(Duration.ofMillis(600)), udp());
    world.run(Duration.ofMinutes(30));
    assertEquals(1, told(Allocated.class).size());
    assertTrue(owner.own.isEmpty(), owner.own.toString());
  }

  @Test
  void onlyWhatTheServerSaysToTheClientIsTheClients() {
    begin(udp());
    Flow server = new Flow(SocketOwner.SOCKET, Transport.UDP, LOCAL, SERVER);
    Bytes data =
        StunCodec.encode(
            StunMessage.indication(
                Method.DATA,
                new TransactionId(9, 9),
                new XorPeerAddress(PEER),
                new Data(Bytes.utf8("x"))));
    Bytes channelData = new ChannelData(0x4000, Bytes.utf8("x")).encode();
    assertTrue(client().owns(server, data));
    assertTrue(client().owns(server, channelData));
    for (Flow other :
        List.of(
            server.to(PEER),
            server.to(SERVER.withPort(3479)),
            new Flow(SocketOwner.SOCKET + 1, Transport.UDP, LOCAL, SERVER))) {
      assertFalse(client().owns(other, data), other.toString());
      assertFalse(client().owns(other, channelData), other.toString());
      seat.execute(now -> client().receive(other, data, now));
    }
    for (Bytes other :
        List.of(
            Bytes.empty(),
            Bytes.of(0x16, 0xfe, 0xfd),
            Bytes.of(0x80, 1, 2, 3),
            Bytes.of(0xc0, 1, 2, 3),
            Bytes.wrap(new byte[20]),
            binding(1),
            StunCodec.encode(
                StunMessage.request(Method.REFRESH, new TransactionId(9, 9)).successResponse()))) {
      assertFalse(client().owns(server, other), other.toString());
    }
    assertTrue(told(Received.class).isEmpty());
  }

  @Test
  void anAllocationOfAnEarlierLifeIsGivenBackFirst() {
    relay.refuse(Method.ALLOCATE, 437);
    begin(udp());
    assertEquals(1, told(Allocated.class).size(), relay.heard.toString());
    assertTrue(relay.heard.contains("Refresh 437"), relay.heard.toString());
  }

  @Test
  void whereThePortIsSomebodyElsesItGivesUp() {
    relay.always.put(Method.ALLOCATE, 437);
    begin(udp());
    assertEquals(List.of(437), told(Failed.class).stream().map(Failed::code).toList());
    assertEquals(4, relay.heard.stream().filter("Allocate 437"::equals).count());
  }

  @Test
  void anotherServerIsAskedOverTheSameSocket() {
    relay.refuse(Method.ALLOCATE, 300, new AlternateServer(OTHER));
    begin(udp());
    assertEquals(OTHER, told(Allocated.class).get(0).server());
    assertEquals(LOCAL, told(Allocated.class).get(0).mapped());
    seat.execute(now -> assertTrue(client().send(PEER, Bytes.utf8("hello"), now)));
    world.run(SECOND);
    assertEquals(1, told(Received.class).size());
  }

  @Test
  void anotherAllocationIsMadeOverTheSameSocket() {
    begin(udp().withReallocation());
    relay.client = Optional.empty();
    relay.nonceAge++;
    world.run(Duration.ofMinutes(2));
    assertEquals(1, told(Lost.class).size());
    assertEquals(
        List.of(LOCAL, LOCAL), told(Allocated.class).stream().map(Allocated::mapped).toList());
  }

  @Test
  void theEndOfTheSocketIsTheEndOfTheClient() {
    begin(udp().withReallocation());
    seat.execute(
        now ->
            client()
                .accept(
                    new Input.Closed(SocketOwner.SOCKET, CloseCause.OTHER, "closed by its owner"),
                    now));
    world.run(SECOND);
    Lost last = (Lost) events.get(events.size() - 1);
    assertTrue(last.reason().endsWith("closed by its owner"), last.reason());
    assertTrue(client().nextDeadline().isEmpty());
  }

  @Test
  void onlyUdpSocketsOfTheRightFamilyAreShared() {
    Flow tcp = new Flow(1, Transport.TCP, LOCAL, SERVER);
    Flow ipv6 = new Flow(1, Transport.UDP, new TransportAddress(ip("2001:db8::1"), 1), SERVER);
    assertThrows(
        IllegalArgumentException.class, () -> TurnClient.sharing(tcp, udp(), world.newRandom()));
    assertThrows(
        IllegalArgumentException.class, () -> TurnClient.sharing(ipv6, udp(), world.newRandom()));
  }
}
