package dev.culvert.turn.server;

import static dev.culvert.turn.server.RelayClient.TCP;
import static dev.culvert.turn.server.RelayClient.assertRefused;
import static dev.culvert.turn.server.RelayClient.assertSuccess;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.Flow;
import dev.culvert.sansio.Output;
import dev.culvert.sansio.Transport;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.stun.Method;
import dev.culvert.stun.StunCodec;
import dev.culvert.stun.StunMessage;
import dev.culvert.stun.attribute.ChannelNumber;
import dev.culvert.stun.attribute.ConnectionId;
import dev.culvert.stun.attribute.EvenPort;
import dev.culvert.stun.attribute.Lifetime;
import dev.culvert.stun.attribute.XorPeerAddress;
import dev.culvert.stun.attribute.XorRelayedAddress;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** TCP allocations: RFC 6062. */
final class TcpRelayTest {
  private static final TransportAddress PEER = RelayFixture.address("20.9.9.9", 7000);
  private static final Bytes HELLO = Bytes.utf8("hello");

  private final RelayFixture relay = new RelayFixture();
  private RelayClient client = relay.udp("20.0.0.1", 1);
  private TransportAddress relayed = PEER;

  @BeforeEach
  void allocate() {
    client = relay.connect(Transport.TCP, "20.0.0.1", 6000);
    StunMessage response = client.request(Method.ALLOCATE, TCP);
    assertSuccess(response);
    relayed = response.first(XorRelayedAddress.class).orElseThrow().address();
  }

  @Test
  void joinsAConnectionThatTheClientAskedFor() {
    assertEquals(List.of(), client.send(connect()));
    Output.Open open = relay.opening.get(0);
    assertEquals(relayed, open.local().orElseThrow());
    assertEquals(PEER, open.remote());
    Flow peer = relay.opened(open);
    ConnectionId id = client.messages().get(0).first(ConnectionId.class).orElseThrow();
    relay.receive(peer, HELLO);
    RelayClient data = join(id);
    assertEquals(List.of(HELLO), relay.takeSentTo(data.address()));
    relay.receive(data.flow, HELLO);
    assertEquals(List.of(HELLO), relay.takeSentTo(PEER));
    relay.receive(peer, HELLO);
    assertEquals(List.of(HELLO), relay.takeSentTo(data.address()));
    assertEquals(peer.id(), relay.server.splice(data.flow.id()));
    assertEquals(data.flow.id(), relay.server.splice(peer.id()));
    relay.closed(peer.id());
    assertTrue(relay.closed.contains(data.flow.id()));
    assertEquals(TurnServer.NONE, relay.server.splice(data.flow.id()));
    assertEquals(1, relay.server.allocations());
  }

  @Test
  void joinsAConnectionThatAPeerMade() {
    Flow refused = relay.connectPeer(relayed, PEER);
    assertTrue(relay.closed.contains(refused.id()), "no permission");
    client.permit(PEER);
    Flow peer = relay.connectPeer(relayed, PEER);
    StunMessage attempt = client.messages().get(0);
    assertEquals(Method.CONNECTION_ATTEMPT, attempt.method());
    assertEquals(PEER, attempt.first(XorPeerAddress.class).orElseThrow().address());
    RelayClient data = join(attempt.first(ConnectionId.class).orElseThrow());
    relay.receive(data.flow, HELLO);
    assertEquals(List.of(HELLO), relay.takeSentTo(PEER));
    relay.closed(data.flow.id());
    assertTrue(relay.closed.contains(peer.id()));
  }

  @Test
  void givesUpWhatNobodyComesFor() {
    client.permit(PEER);
    Flow peer = relay.connectPeer(relayed, PEER);
    client.messages();
    client.send(
        client.signed(
            Method.CONNECT,
            RelayClient.newId(),
            new XorPeerAddress(RelayFixture.address("20.9.9.8", 1))));
    relay.pass(Duration.ofSeconds(30));
    assertTrue(relay.closed.contains(peer.id()));
    assertTrue(relay.closed.contains(relay.opening.get(0).id()));
    assertRefused(447, client.messages().get(0));
  }

  @Test
  void refusesWhatCannotBe() {
    assertRefused(400, client.request(Method.CONNECT));
    assertRefused(400, client.request(Method.CONNECT, new XorPeerAddress(PEER.withPort(0))));
    assertRefused(
        443,
        client.request(Method.CONNECT, new XorPeerAddress(RelayFixture.address("2a00::1", 1))));
    client.send(connect());
    assertRefused(446, client.request(Method.CONNECT, new XorPeerAddress(PEER)));
    relay.closed(relay.opening.get(0).id());
    assertRefused(447, client.messages().get(0));
    assertRefused(400, client.tryBind(0x4000, PEER));
    client.permit(PEER);
    client.sendIndication(PEER, HELLO);
    assertEquals(List.of(), relay.takeSentTo(PEER));
    RelayClient other = relay.connect(Transport.TCP, "20.0.0.1", 6002);
    assertRefused(400, other.request(Method.ALLOCATE, TCP, new EvenPort(false)));
    assertRefused(437, other.request(Method.CONNECT, new XorPeerAddress(PEER)));
    assertRefused(400, other.request(Method.CONNECTION_BIND, new ConnectionId(1)));
    assertRefused(400, other.request(Method.CONNECTION_BIND));
    other.allocate();
    assertRefused(400, other.request(Method.CONNECT, new XorPeerAddress(PEER)));
    assertRefused(
        400, other.request(Method.CONNECTION_BIND, new ConnectionId(1), new ChannelNumber(0x4000)));
  }

  @Test
  void isNobodyElsesConnection() {
    client.send(connect());
    relay.opened(relay.opening.get(0));
    ConnectionId id = client.messages().get(0).first(ConnectionId.class).orElseThrow();
    RelayClient thief = relay.connect(Transport.TCP, "20.0.0.1", 6003).as("bob", "other");
    assertRefused(441, thief.request(Method.CONNECTION_BIND, id));
    RelayClient overUdp = relay.udp("20.0.0.1", 6004);
    assertRefused(400, overUdp.request(Method.CONNECTION_BIND, id));
    join(id);
    RelayClient late = relay.connect(Transport.TCP, "20.0.0.1", 6005);
    assertRefused(400, late.request(Method.CONNECTION_BIND, id));
  }

  @Test
  void endsWithTheAllocation() {
    client.send(connect());
    Flow peer = relay.opened(relay.opening.get(0));
    RelayClient data = join(client.messages().get(0).first(ConnectionId.class).orElseThrow());
    assertSuccess(client.request(Method.REFRESH, new Lifetime(0)));
    assertTrue(relay.closed.containsAll(List.of(peer.id(), data.flow.id())));
    assertTrue(relay.open.isEmpty());
  }

  @Test
  void boundsConnectionsAndWhatComesTooEarly() {
    client.permit(PEER);
    int most = TurnLimits.STANDARD.connections();
    Flow first = relay.connectPeer(relayed, PEER.withPort(1));
    for (int i = 1; i < most; i++) {
      relay.connectPeer(relayed, PEER.withPort(1 + i));
    }
    Flow more = relay.connectPeer(relayed, PEER.withPort(5000));
    assertTrue(relay.closed.contains(more.id()));
    assertRefused(508, client.request(Method.CONNECT, new XorPeerAddress(PEER)));
    for (int i = 0; i < 65; i++) {
      relay.receive(first, Bytes.wrap(new byte[1024]));
    }
    assertTrue(relay.closed.contains(first.id()));
  }

  @Test
  void namesTheEngineThatHasTheConnection() {
    client.send(connect());
    relay.opened(relay.opening.get(0));
    ConnectionId id = client.messages().get(0).first(ConnectionId.class).orElseThrow();
    Bytes bind = client.signed(Method.CONNECTION_BIND, RelayClient.newId(), id);
    assertEquals(relay.server.home(), TurnServer.homeOf(bind).orElseThrow());
    assertTrue(TurnServer.homeOf(client.signed(Method.REFRESH, RelayClient.newId())).isEmpty());
  }

  private Bytes connect() {
    return client.signed(Method.CONNECT, RelayClient.newId(), new XorPeerAddress(PEER));
  }

  @Test
  void takesTheNonceOfTheControlConnectionFromTheSameHost() {
    client.send(connect());
    relay.opened(relay.opening.get(0));
    ConnectionId id = client.messages().get(0).first(ConnectionId.class).orElseThrow();
    Bytes bind = client.signed(Method.CONNECTION_BIND, RelayClient.newId(), id);
    RelayClient elsewhere = relay.connect(Transport.TCP, "20.0.0.2", 6006);
    relay.receive(elsewhere.flow, bind);
    assertRefused(438, elsewhere.messages().get(0));
    RelayClient data = relay.connect(Transport.TCP, "20.0.0.1", 6007);
    relay.receive(data.flow, bind);
    assertSuccess(data.messages().get(0));
    // For nothing else: a request that is not about the allocation has a nonce of its own.
    RelayClient other = relay.connect(Transport.TCP, "20.0.0.1", 6008);
    relay.receive(other.flow, client.signed(Method.ALLOCATE, RelayClient.newId(), TCP));
    assertRefused(438, other.messages().get(0));
  }

  private RelayClient join(ConnectionId id) {
    RelayClient data = relay.connect(Transport.TCP, "20.0.0.1", 6001);
    data.request(Method.REFRESH); // brings the nonce
    relay.takeSentTo(data.address());
    relay.receive(data.flow, data.signed(Method.CONNECTION_BIND, RelayClient.newId(), id));
    Bytes response = relay.takeFirstSentTo(data.address());
    assertSuccess(StunCodec.decode(response).packet().orElseThrow().message());
    return data;
  }
}
