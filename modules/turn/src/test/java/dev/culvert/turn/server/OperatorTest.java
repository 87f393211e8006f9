package dev.culvert.turn.server;

import static dev.culvert.turn.server.RelayClient.TCP;
import static dev.culvert.turn.server.RelayClient.UDP;
import static dev.culvert.turn.server.RelayClient.assertRefused;
import static dev.culvert.turn.server.RelayClient.assertSuccess;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.Flow;
import dev.culvert.sansio.Transport;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.stun.Method;
import dev.culvert.stun.StunMessage;
import dev.culvert.stun.attribute.AdditionalAddressFamily;
import dev.culvert.stun.attribute.AddressFamily;
import dev.culvert.stun.attribute.ConnectionId;
import dev.culvert.stun.attribute.Lifetime;
import dev.culvert.stun.attribute.RequestedAddressFamily;
import dev.culvert.stun.attribute.XorRelayedAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What whoever runs a relay sees of its allocations, and does to them. */
final class OperatorTest {
  private static final TransportAddress PEER = RelayFixture.address("20.9.9.9", 7000);
  private static final Bytes HELLO = Bytes.utf8("hello");

  private final RelayFixture relay = new RelayFixture();
  private final RelayClient client = relay.udp("20.0.0.1", 5000);

  private AllocationInfo only() {
    List<AllocationInfo> all = relay.server.allocations(0, 10, relay.now());
    assertEquals(1, all.size());
    return all.get(0);
  }

  @Test
  void saysWhatAnAllocationIs() {
    TransportAddress relayed = client.allocate();
    client.permit(PEER);
    client.permit(PEER.withPort(1));
    client.bind(0x4000, PEER);
    relay.pass(Duration.ofSeconds(100));
    AllocationInfo info = only();
    assertEquals(client.address(), info.client().client());
    assertEquals(Transport.UDP, info.client().transport());
    assertEquals("alice", info.username());
    assertEquals(List.of(relayed), info.relayed());
    assertEquals(Duration.ofSeconds(100), info.age());
    assertEquals(Duration.ofSeconds(500), info.expiresIn());
    assertEquals(1, info.permissions());
    assertEquals(1, info.channels());
    assertFalse(info.tcp());
    assertEquals(relay.server.home(), info.id() & 0xff);
  }

  @Test
  void countsWhatWasRelayedEachWay() {
    TransportAddress relayed = client.allocate();
    client.permit(PEER);
    client.sendIndication(PEER, HELLO);
    relay.fromPeer(PEER, relayed, Bytes.utf8("no channel yet"));
    client.bind(0x4000, PEER);
    client.sendChannel(0x4000, HELLO);
    client.sendChannel(0x4001, HELLO);
    relay.fromPeer(PEER, relayed, HELLO);
    relay.fromPeer(RelayFixture.address("20.9.9.8", 1), relayed, HELLO);
    assertEquals(new AllocationInfo.Traffic(2, 10), only().toPeers());
    assertEquals(new AllocationInfo.Traffic(2, 19), only().toClient());
  }

  @Test
  void countsBytesOfTcpPeers() {
    RelayClient control = relay.connect(Transport.TCP, "20.0.0.1", 5000);
    StunMessage response = control.request(Method.ALLOCATE, TCP);
    TransportAddress relayed = response.first(XorRelayedAddress.class).orElseThrow().address();
    control.permit(PEER);
    Flow peer = relay.connectPeer(relayed, PEER);
    ConnectionId id = control.messages().get(0).first(ConnectionId.class).orElseThrow();
    RelayClient data = relay.connect(Transport.TCP, "20.0.0.1", 5001);
    assertSuccess(data.request(Method.CONNECTION_BIND, id));
    relay.receive(data.flow, HELLO);
    relay.receive(peer, Bytes.utf8("hi"));
    relay.server.countSpliced(peer.id(), 100);
    assertTrue(only().tcp());
    assertEquals(1, only().connections());
    assertEquals(new AllocationInfo.Traffic(0, 5), only().toPeers());
    assertEquals(new AllocationInfo.Traffic(0, 102), only().toClient());
    relay.closed(peer.id());
    relay.server.countSpliced(peer.id(), 100);
    assertEquals(102, relay.server.counts().get(TurnCount.TO_CLIENTS_BYTES));
  }

  @Test
  void whatIsDroppedEndsAndItsClientLearnsThatByItsNextRequest() {
    client.allocate();
    client.permit(PEER);
    AllocationInfo before = only();
    assertEquals(Optional.of(before), relay.drop(before.id()));
    assertEquals(0, relay.server.allocations());
    assertTrue(relay.open.isEmpty());
    assertEquals(
        TurnEvent.Ended.Cause.DROPPED,
        ((TurnEvent.Ended) relay.events.get(relay.events.size() - 1)).cause());
    assertRefused(437, client.request(Method.REFRESH));
    assertRefused(437, client.request(Method.CREATE_PERMISSION));
    assertEquals(Map.of(437, 2L), relay.server.refusals());
    assertEquals(Optional.empty(), relay.drop(before.id()));
    client.allocate();
    assertTrue(only().id() > before.id());
    assertEquals(Optional.empty(), relay.drop(before.id()));
  }

  @Test
  void pagesAreInTheOrderOfIds() {
    for (int i = 0; i < 25; i++) {
      relay.udp("20.0.0.1", 5000 + i).allocate();
    }
    List<AllocationInfo> all = new ArrayList<>();
    List<AllocationInfo> page = relay.server.allocations(0, 10, relay.now());
    while (!page.isEmpty()) {
      assertTrue(page.size() <= 10);
      all.addAll(page);
      // What ends between two pages is left out, and nothing comes twice.
      relay.drop(page.get(page.size() - 1).id());
      page = relay.server.allocations(page.get(page.size() - 1).id(), 10, relay.now());
    }
    assertEquals(25, all.size());
    assertEquals(25, all.stream().map(AllocationInfo::id).distinct().count());
    assertEquals(
        all.stream().map(AllocationInfo::id).sorted().toList(),
        all.stream().map(AllocationInfo::id).toList());
    assertEquals(22, relay.server.allocations());
  }

  @Test
  void countsKindsAndPorts() {
    RelayClient both = relay.connect(Transport.TLS, "20.0.0.1", 5000);
    both.allocate(new AdditionalAddressFamily(AddressFamily.IPV6));
    client.allocate();
    assertEquals(Map.of("UDP true false", 1L, "TLS true true", 1L), kinds());
    assertEquals(List.of(2, 1), relay.resources.ports().stream().map(PortUse::taken).toList());
    assertEquals(16384, relay.resources.ports().get(0).all());
    assertSuccess(
        both.request(
            Method.REFRESH, new RequestedAddressFamily(AddressFamily.IPV4), new Lifetime(0)));
    assertEquals(Map.of("UDP true false", 1L, "TLS false true", 1L), kinds());
    relay.closed(both.flow.id());
    client.request(Method.REFRESH, new Lifetime(0));
    assertEquals(Map.of(), kinds());
    assertEquals(List.of(0, 0), relay.resources.ports().stream().map(PortUse::taken).toList());
  }

  @Test
  void saysWhyRequestsWereRefused() {
    assertRefused(437, client.request(Method.REFRESH));
    client.allocate();
    assertRefused(437, client.request(Method.ALLOCATE, UDP));
    assertRefused(400, client.request(Method.CHANNEL_BIND));
    assertEquals(Map.of(400, 1L, 437, 2L), relay.server.refusals());
    assertFalse(relay.resources.isFull());
  }

  private Map<String, Long> kinds() {
    Map<String, Long> all = new TreeMap<>();
    relay
        .server
        .kinds()
        .forEach(
            (kind, n) -> {
              if (n != 0) {
                all.put(kind.client() + " " + kind.ipv4() + " " + kind.ipv6(), n);
              }
            });
    return all;
  }
}
