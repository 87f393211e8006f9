package dev.culvert.natsim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.sansio.CloseCause;
import dev.culvert.sansio.Flow;
import dev.culvert.sansio.Input;
import dev.culvert.sansio.IpLiterals;
import dev.culvert.sansio.Output;
import dev.culvert.sansio.Transport;
import dev.culvert.sansio.TransportAddress;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What becomes of {@link Output.Listen}. */
class ListenTest {
  private static final Link FIVE_MS = Link.of(Duration.ofMillis(5));
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final TransportAddress RELAY = address("203.0.113.1", 50_000);
  private static final TransportAddress PEER = address("203.0.113.2", 7);
  private static final TransportAddress OUTSIDE = address("198.51.100.1", 5000);

  private final World world = new World(6062);
  private final Talker relay = Talker.mirror();
  private final Talker peer = Talker.mute();
  private final Host relayHost = world.internet().host("relay", FIVE_MS, RELAY.ip());
  private final Resident<String> relaySeat = relayHost.run(relay, event -> {});
  private final Resident<String> peerSeat =
      world.internet().host("peer", FIVE_MS, PEER.ip()).run(peer, event -> {});

  private void relayWants(Output... outputs) {
    relaySeat.execute(now -> List.of(outputs).forEach(relay::perform));
    world.run(SECOND);
  }

  private void peerOpens(long id, TransportAddress remote) {
    peerSeat.execute(now -> peer.open(id, Transport.TCP, remote));
    world.run(SECOND);
  }

  @Test
  void connectionsAreTakenAndToldApart() {
    relayWants(new Output.Listen(4, RELAY));
    assertEquals(List.of(new Input.Bound(4, RELAY, false)), relay.told(Input.Bound.class));
    peerOpens(1, RELAY);
    peerOpens(2, RELAY);
    List<Flow> taken = relay.told(Input.Opened.class).stream().map(Input.Opened::flow).toList();
    assertEquals(2, taken.size());
    assertNotEquals(taken.get(0).id(), taken.get(1).id());
    for (Flow flow : taken) {
      assertTrue(flow.id() < 0);
      assertEquals(Transport.TCP, flow.transport());
      assertEquals(RELAY, flow.local());
      assertEquals(PEER.ip(), flow.remote().ip());
    }
    Flow second = peer.told(Input.Opened.class).get(1).flow();
    peerSeat.execute(now -> peer.send(second, "hello"));
    world.run(SECOND);
    assertEquals(List.of("hello"), relay.texts());
    assertEquals(taken.get(1), relay.heard.get(0).flow());
    assertTrue(peer.texts().contains(second.local().toString()));
  }

  @Test
  void theSystemChoosesAPortThatIsFree() {
    relayWants(new Output.Listen(1, RELAY.withPort(0)), new Output.Listen(2, RELAY.withPort(0)));
    TransportAddress first = relay.local(1);
    assertNotEquals(0, first.port());
    assertNotEquals(first, relay.local(2));
    peerOpens(1, first);
    assertEquals(first, relay.told(Input.Opened.class).get(0).flow().local());
  }

  @Test
  void aPortInUseAndAStrangeAddressAreRefused() {
    relayWants(
        new Output.Listen(1, RELAY), new Output.Listen(2, RELAY), new Output.Listen(3, PEER));
    assertEquals(
        List.of(
            new Input.BindFailed(2, "the port is in use"),
            new Input.BindFailed(3, "no such address on this host")),
        relay.told(Input.BindFailed.class));
    Talker other = Talker.mute().perform(new Output.Listen(9, RELAY));
    relayHost.run(other, event -> {});
    world.run(SECOND);
    assertEquals(1, other.told(Input.BindFailed.class).size());
  }

  @Test
  void oneThatIsClosedTakesNoMoreAndLeavesWhatItTook() {
    relayWants(new Output.Listen(1, RELAY));
    peerOpens(1, RELAY);
    relayWants(new Output.Close(1));
    peerOpens(2, RELAY);
    assertEquals(CloseCause.REFUSED, peer.told(Input.Closed.class).get(0).cause());
    Flow standing = peer.told(Input.Opened.class).get(0).flow();
    peerSeat.execute(now -> peer.send(standing, "still here"));
    world.run(SECOND);
    assertEquals(List.of("still here"), relay.texts());
    relayWants(new Output.Listen(5, RELAY));
    assertEquals(RELAY, relay.local(5));
  }

  @Test
  void theEndOfAMachineEndsIt() {
    relayWants(new Output.Listen(1, RELAY));
    relaySeat.stop();
    peerOpens(1, RELAY);
    assertEquals(CloseCause.REFUSED, peer.told(Input.Closed.class).get(0).cause());
  }

  @Test
  void connectionsMayBeOpenedFromItsPort() {
    peerSeat.listen(Transport.TCP, PEER);
    peerSeat.listen(Transport.TCP, PEER.withPort(8));
    relaySeat.execute(
        now ->
            relay
                .perform(new Output.Listen(1, RELAY))
                .openFrom(2, RELAY, PEER)
                .openFrom(3, RELAY, PEER.withPort(8))
                .openFrom(4, RELAY, PEER));
    world.run(SECOND);
    assertEquals(
        List.of(2L, 3L),
        relay.told(Input.Opened.class).stream().map(opened -> opened.flow().id()).toList());
    Input.Closed twice = relay.told(Input.Closed.class).get(0);
    assertEquals(4, twice.id());
    peer.told(Input.Opened.class).forEach(opened -> assertEquals(RELAY, opened.flow().remote()));
    peerOpens(1, RELAY);
    assertEquals(3, relay.told(Input.Opened.class).size());
  }

  @Test
  void twoThatConnectToEachOtherAtOnceHaveOneConnection() {
    relaySeat.execute(now -> relay.perform(new Output.Listen(1, RELAY)).openFrom(2, RELAY, PEER));
    peerSeat.execute(now -> peer.openFrom(3, PEER, RELAY));
    world.run(SECOND);
    assertEquals(List.of(2L), ids(relay));
    assertEquals(List.of(3L), ids(peer));
    Flow flow = peer.told(Input.Opened.class).get(0).flow();
    peerSeat.execute(now -> peer.send(flow, "hello"));
    world.run(SECOND);
    assertEquals(List.of("hello"), relay.texts());
  }

  private static List<Long> ids(Talker talker) {
    return talker.told(Input.Opened.class).stream().map(opened -> opened.flow().id()).toList();
  }

  @Test
  void itWorksThroughANatForThoseItLetsPass() {
    NatBehaviour open =
        NatBehaviour.of(Dependence.ENDPOINT_INDEPENDENT, Dependence.ENDPOINT_INDEPENDENT)
            .ports(PortRule.preserving());
    TransportAddress own = address("192.168.1.2", 5000);
    Talker inside = Talker.mirror().perform(new Output.Listen(1, own)).openFrom(2, own, RELAY);
    relayWants(new Output.Listen(1, RELAY));
    world
        .internet()
        .nat("nat", FIVE_MS, open, OUTSIDE.ip())
        .inside()
        .host("inside", FIVE_MS, own.ip())
        .run(inside, event -> {});
    world.run(SECOND);
    assertEquals(OUTSIDE, relay.told(Input.Opened.class).get(0).flow().remote());
    peerOpens(1, OUTSIDE);
    Flow flow = inside.told(Input.Opened.class).get(1).flow();
    assertTrue(flow.id() < 0);
    assertEquals(own, flow.local());
    assertEquals(PEER.ip(), flow.remote().ip());
  }

  private static TransportAddress address(String ip, int port) {
    return new TransportAddress(IpLiterals.parse(ip).orElseThrow(), port);
  }
}
