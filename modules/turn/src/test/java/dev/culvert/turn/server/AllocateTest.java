package dev.culvert.turn.server;

import static dev.culvert.turn.server.RelayClient.TCP;
import static dev.culvert.turn.server.RelayClient.UDP;
import static dev.culvert.turn.server.RelayClient.assertRefused;
import static dev.culvert.turn.server.RelayClient.assertSuccess;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.Transport;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.stun.Method;
import dev.culvert.stun.StunMessage;
import dev.culvert.stun.TransactionId;
import dev.culvert.stun.attribute.AdditionalAddressFamily;
import dev.culvert.stun.attribute.AddressErrorCode;
import dev.culvert.stun.attribute.AddressFamily;
import dev.culvert.stun.attribute.AlternateServer;
import dev.culvert.stun.attribute.Attribute;
import dev.culvert.stun.attribute.DontFragment;
import dev.culvert.stun.attribute.EvenPort;
import dev.culvert.stun.attribute.Lifetime;
import dev.culvert.stun.attribute.Priority;
import dev.culvert.stun.attribute.RequestedAddressFamily;
import dev.culvert.stun.attribute.RequestedTransport;
import dev.culvert.stun.attribute.ReservationToken;
import dev.culvert.stun.attribute.UnknownAttributes;
import dev.culvert.stun.attribute.XorMappedAddress;
import dev.culvert.stun.attribute.XorRelayedAddress;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Allocate requests: RFC 8656 §7.2 step by step. */
final class AllocateTest {
  private final RelayFixture relay = new RelayFixture();
  private final RelayClient client = relay.udp("20.0.0.1", 5000);

  @Test
  void tellsWhatItGave() {
    StunMessage response = client.request(Method.ALLOCATE, UDP);
    assertSuccess(response);
    TransportAddress relayed = response.first(XorRelayedAddress.class).orElseThrow().address();
    assertEquals(RelayFixture.ip("198.51.100.1"), relayed.ip());
    assertTrue(relayed.port() >= 49152, relayed::toString);
    assertTrue(relay.open.containsValue(relayed));
    assertEquals(600, response.first(Lifetime.class).orElseThrow().seconds());
    assertEquals(client.address(), response.first(XorMappedAddress.class).orElseThrow().address());
    assertEquals(1, relay.server.allocations());
  }

  static Stream<Arguments> faults() {
    Attribute even = new EvenPort(false);
    Attribute pair = new EvenPort(true);
    Attribute token = new ReservationToken(Bytes.hex("0102030405060708"));
    Attribute ipv4 = new RequestedAddressFamily(AddressFamily.IPV4);
    Attribute both = new AdditionalAddressFamily(AddressFamily.IPV6);
    return Stream.of(
        Arguments.of(400, List.of()),
        Arguments.of(442, List.of(new RequestedTransport(132))),
        Arguments.of(400, List.of(TCP)),
        Arguments.of(420, List.of(UDP, new Priority(1))),
        Arguments.of(400, List.of(UDP, token, even)),
        Arguments.of(400, List.of(UDP, token, ipv4)),
        Arguments.of(400, List.of(UDP, token, both)),
        Arguments.of(508, List.of(UDP, token)),
        Arguments.of(440, List.of(UDP, new RequestedAddressFamily(3))),
        Arguments.of(400, List.of(UDP, ipv4, both)),
        Arguments.of(400, List.of(UDP, pair, both)),
        Arguments.of(400, List.of(UDP, new AdditionalAddressFamily(AddressFamily.IPV4))));
  }

  @ParameterizedTest
  @MethodSource("faults")
  void refuses(int code, List<Attribute> attributes) {
    assertRefused(code, client.request(Method.ALLOCATE, attributes.toArray(Attribute[]::new)));
    assertEquals(0, relay.server.allocations());
    assertTrue(relay.open.isEmpty());
  }

  @Test
  void namesTheAttributeThatItDoesNotKnow() {
    StunMessage response = client.request(Method.ALLOCATE, UDP, new Priority(1));
    assertEquals(
        List.of(new Priority(1).type()),
        response.first(UnknownAttributes.class).orElseThrow().types());
  }

  @Test
  void answersTheSameRequestAlike() {
    TransactionId id = RelayClient.newId();
    StunMessage first = client.request(Method.ALLOCATE, id, UDP);
    assertEquals(first, client.request(Method.ALLOCATE, id, UDP));
    assertEquals(1, relay.server.allocations());
    assertRefused(437, client.request(Method.ALLOCATE, UDP));
  }

  @Test
  void answersOnceWhileSocketsAreOpened() {
    client.request(Method.ALLOCATE); // brings the nonce
    relay.slow = true;
    TransactionId id = RelayClient.newId();
    Bytes request = client.signed(Method.ALLOCATE, id, UDP);
    assertEquals(List.of(), client.send(request));
    assertEquals(List.of(), client.send(request));
    assertRefused(437, client.request(Method.ALLOCATE, UDP));
    relay.release();
    List<StunMessage> responses = client.messages();
    assertEquals(1, responses.size());
    assertSuccess(responses.get(0));
  }

  @Test
  void forgetsAConnectionThatEndedWhileSocketsWereOpened() {
    RelayClient tcp = relay.connect(Transport.TCP, "20.0.0.1", 6000);
    tcp.request(Method.ALLOCATE);
    relay.slow = true;
    assertEquals(List.of(), tcp.send(tcp.signed(Method.ALLOCATE, RelayClient.newId(), UDP)));
    relay.closed(tcp.flow.id());
    relay.release();
    assertEquals(0, relay.server.allocations());
    assertTrue(relay.open.isEmpty());
  }

  @Test
  void grantsLifetimesWithinItsBounds() {
    assertEquals(600, lifetime(5000, new Lifetime(0)));
    assertEquals(600, lifetime(5001, new Lifetime(30)));
    assertEquals(1000, lifetime(5002, new Lifetime(1000)));
    assertEquals(3600, lifetime(5003, new Lifetime(0xffff_ffffL)));
  }

  private long lifetime(int port, Lifetime wanted) {
    StunMessage response = relay.udp("20.0.0.2", port).request(Method.ALLOCATE, UDP, wanted);
    return response.first(Lifetime.class).orElseThrow().seconds();
  }

  @Test
  void relaysTheFamilyAskedFor() {
    Attribute ipv6 = new RequestedAddressFamily(AddressFamily.IPV6);
    assertEquals(RelayFixture.ip("2001:db8::1"), client.allocate(ipv6).ip());
  }

  @Test
  void relaysBothFamilies() {
    StunMessage response =
        client.request(Method.ALLOCATE, UDP, new AdditionalAddressFamily(AddressFamily.IPV6));
    List<TransportAddress> relayed =
        response.all(XorRelayedAddress.class).stream().map(XorRelayedAddress::address).toList();
    assertEquals(
        List.of(RelayFixture.ip("198.51.100.1"), RelayFixture.ip("2001:db8::1")),
        relayed.stream().map(TransportAddress::ip).toList());
    assertFalse(response.has(AddressErrorCode.class));
    assertEquals(1, relay.server.allocations());
    assertEquals(2, relay.open.size());
  }

  @Test
  void saysWhichOfBothFamiliesItLacks() {
    RelayFixture.Settings settings = new RelayFixture.Settings();
    settings.addresses = List.of(RelayAddress.of(RelayFixture.ip("198.51.100.1")));
    RelayClient here = new RelayFixture(settings).udp("20.0.0.1", 5000);
    StunMessage response =
        here.request(Method.ALLOCATE, UDP, new AdditionalAddressFamily(AddressFamily.IPV6));
    assertSuccess(response);
    AddressErrorCode fault = response.first(AddressErrorCode.class).orElseThrow();
    assertEquals(AddressFamily.IPV6, fault.family());
    assertEquals(440, fault.code());
    assertRefused(
        440,
        here.relay
            .udp("20.0.0.1", 5001)
            .request(Method.ALLOCATE, UDP, new RequestedAddressFamily(AddressFamily.IPV6)));
  }

  @Test
  void givesEvenPorts() {
    IntStream.range(0, 20)
        .forEach(
            i ->
                assertEquals(
                    0, relay.udp("20.0.1.1", 5000 + i).allocate(new EvenPort(false)).port() % 2));
  }

  @Test
  void reservesTheNextPortForWhoHasTheToken() {
    StunMessage first = client.request(Method.ALLOCATE, UDP, new EvenPort(true));
    TransportAddress rtp = first.first(XorRelayedAddress.class).orElseThrow().address();
    ReservationToken token = first.first(ReservationToken.class).orElseThrow();
    RelayClient other = relay.udp("20.0.0.9", 9).as("bob", "other");
    assertRefused(508, other.request(Method.ALLOCATE, UDP, token));
    RelayClient second = relay.udp("20.0.0.1", 5001);
    assertEquals(rtp.withPort(rtp.port() + 1), second.allocate(token));
    assertRefused(508, relay.udp("20.0.0.1", 5002).request(Method.ALLOCATE, UDP, token));
  }

  @Test
  void dropsAReservationThatNobodyRedeems() {
    ReservationToken token =
        client
            .request(Method.ALLOCATE, UDP, new EvenPort(true))
            .first(ReservationToken.class)
            .orElseThrow();
    relay.pass(Duration.ofSeconds(30));
    assertEquals(0, relay.resources.reservations());
    assertRefused(508, relay.udp("20.0.0.1", 5001).request(Method.ALLOCATE, UDP, token));
  }

  @Test
  void triesOtherPortsWhereAProgramHasThem() {
    RelayFixture.Settings settings = new RelayFixture.Settings();
    settings.ports = new PortRange(50000, 50003);
    RelayFixture small = new RelayFixture(settings);
    small.taken.addAll(Set.of(50000, 50001, 50003));
    assertEquals(50002, small.udp("20.0.0.1", 5000).allocate().port());
    assertRefused(508, small.udp("20.0.0.1", 5001).request(Method.ALLOCATE, UDP));
    assertEquals(1, small.server.allocations());
  }

  @Test
  void treatsDontFragmentAsUnknownWhereItCannot() {
    RelayFixture.Settings settings = new RelayFixture.Settings();
    settings.config =
        new TurnServerConfig(
            PeerPolicy.standard(),
            TurnLimits.STANDARD,
            TurnServerConfig.STANDARD_LIFETIME,
            TurnServerConfig.STANDARD_MAX_LIFETIME,
            false,
            false,
            List.of());
    RelayClient here = new RelayFixture(settings).udp("20.0.0.1", 5000);
    assertRefused(420, here.request(Method.ALLOCATE, UDP, new DontFragment()));
    assertRefused(442, here.request(Method.ALLOCATE, TCP));
    assertSuccess(client.request(Method.ALLOCATE, UDP, new DontFragment()));
  }

  @Test
  void refusesBeyondTheQuotas() {
    RelayFixture.Settings settings = new RelayFixture.Settings();
    settings.config = limited(new TurnLimits(5, 2, 3, 8, 8, 0, 0), List.of());
    settings.credentials =
        new Names("lab", Map.of("1:alice", "a", "2:alice", "b", "bob", "other", "carol", "c"));
    RelayFixture full = new RelayFixture(settings);
    full.udp("20.0.0.1", 1).as("1:alice", "a").allocate();
    full.udp("20.0.0.2", 2).as("2:alice", "b").allocate();
    // One owner behind two names.
    assertRefused(486, full.udp("20.0.9.1", 3).as("1:alice", "a").request(Method.ALLOCATE, UDP));
    full.udp("20.0.0.3", 4).as("bob", "other").allocate();
    // A prefix with three.
    assertRefused(486, full.udp("20.0.0.4", 5).as("bob", "other").request(Method.ALLOCATE, UDP));
    RelayClient bob = full.udp("20.0.7.1", 6).as("bob", "other");
    bob.allocate();
    // Loopback counts toward the whole only.
    full.udp("127.0.0.1", 7).as("1:alice", "a").allocate();
    assertRefused(508, full.udp("20.0.8.1", 8).as("carol", "c").request(Method.ALLOCATE, UDP));
    assertSuccess(bob.request(Method.REFRESH, new Lifetime(0)));
    full.udp("20.0.8.1", 9).as("carol", "c").allocate();
    full.pass(Duration.ofHours(1));
    assertEquals(0, full.resources.quotas().shares());
  }

  @Test
  void sendsClientsElsewhereWhenFullOrDraining() {
    RelayFixture.Settings settings = new RelayFixture.Settings();
    TransportAddress one = RelayFixture.address("192.0.2.7", 3478);
    TransportAddress two = RelayFixture.address("192.0.2.8", 3478);
    settings.config =
        limited(TurnLimits.STANDARD, List.of(one, RelayFixture.address("2001:db8::7", 3478), two));
    RelayFixture other = new RelayFixture(settings);
    RelayClient standing = other.udp("20.0.0.1", 1);
    standing.allocate();
    other.server.drain();
    assertEquals(one, alternate(other, 2));
    assertEquals(two, alternate(other, 3));
    assertSuccess(standing.request(Method.REFRESH));
    relay.server.drain();
    assertRefused(508, client.request(Method.ALLOCATE, UDP));
  }

  private static TransportAddress alternate(RelayFixture relay, int port) {
    StunMessage response = relay.udp("20.0.0.1", port).request(Method.ALLOCATE, UDP);
    assertRefused(300, response);
    return response.first(AlternateServer.class).orElseThrow().address();
  }

  private static TurnServerConfig limited(TurnLimits limits, List<TransportAddress> others) {
    return new TurnServerConfig(
        PeerPolicy.standard(),
        limits,
        TurnServerConfig.STANDARD_LIFETIME,
        TurnServerConfig.STANDARD_MAX_LIFETIME,
        true,
        true,
        others);
  }

  @Test
  void letsPortsRestBeforeOthersGetThem() {
    RelayFixture.Settings settings = new RelayFixture.Settings();
    settings.ports = new PortRange(50000, 50009);
    RelayFixture small = new RelayFixture(settings);
    Set<Integer> seen = new HashSet<>();
    for (int i = 0; i < 10; i++) {
      RelayClient next = small.udp("20.0.0.1", 1000 + i);
      assertTrue(seen.add(next.allocate().port()), "a port that has not rested");
      assertSuccess(next.request(Method.REFRESH, new Lifetime(0)));
    }
    small.udp("20.0.0.1", 2000).allocate(); // of need, the one that rested longest
  }

  @Test
  void tellsAPortBehindTheAddressThatIsAnnounced() {
    RelayFixture.Settings settings = new RelayFixture.Settings();
    settings.addresses =
        List.of(new RelayAddress(RelayFixture.ip("10.0.0.5"), RelayFixture.ip("198.51.100.77")));
    RelayFixture behind = new RelayFixture(settings);
    TransportAddress relayed = behind.udp("20.0.0.1", 1).allocate();
    assertEquals(RelayFixture.ip("198.51.100.77"), relayed.ip());
    assertTrue(behind.open.containsValue(RelayFixture.address("10.0.0.5", relayed.port())));
  }

  @Test
  void acceptsA5TupleAgainAtOnce() {
    TransportAddress first = client.allocate();
    assertSuccess(client.request(Method.REFRESH, new Lifetime(0)));
    assertNotEquals(first, client.allocate());
    assertEquals(1, relay.open.size());
  }
}
