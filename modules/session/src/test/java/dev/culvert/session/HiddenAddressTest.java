package dev.culvert.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.ice.CandidateType;
import dev.culvert.ice.IceConfig;
import dev.culvert.ice.IceRole;
import dev.culvert.ice.IceState;
import dev.culvert.ice.text.IceJson;
import dev.culvert.natsim.Dependence;
import dev.culvert.natsim.Host;
import dev.culvert.natsim.Link;
import dev.culvert.natsim.NatBehaviour;
import dev.culvert.natsim.Network;
import dev.culvert.natsim.World;
import dev.culvert.sansio.IpLiterals;
import dev.culvert.sansio.TransportAddress;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Names of multicast DNS in place of a host's own addresses. */
class HiddenAddressTest {
  private static final Duration SIGNALLING = Duration.ofMillis(30);
  private static final Link LINE = Link.of(Duration.ofMillis(5));
  private static final TransportAddress STUN = new TransportAddress(ip("203.0.113.10"), 3478);

  private final World world = new World(11);
  private final Network home = network(1);

  private static InetAddress ip(String text) {
    return IpLiterals.parse(text).orElseThrow();
  }

  private Network network(int number) {
    NatBehaviour nat =
        NatBehaviour.of(Dependence.ENDPOINT_INDEPENDENT, Dependence.ADDRESS_AND_PORT);
    return world.internet().nat("nat" + number, LINE, nat, ip("198.51.100." + number)).inside();
  }

  private SimPeer peer(String name, Network network, String address) {
    Host host = network.host(name, LINE, ip(address));
    SessionConfig config =
        SessionConfig.of(List.of(new LocalAddress("eth0", ip(address))))
            .asking(List.of(new NamedServer("stun", STUN)))
            .withTcp()
            .hidingAddresses();
    return new SimPeer(world, host, config);
  }

  private void serve() {
    SimRelay.on(world, LINE, STUN.ip());
  }

  private void connect(SimPeer a, SimPeer b) {
    a.meet(b, IceConfig.standard(IceRole.CONTROLLING), SIGNALLING);
    b.meet(a, IceConfig.standard(IceRole.CONTROLLED), SIGNALLING);
    assertTrue(
        world.runUntil(
            () -> a.state() == IceState.COMPLETED && b.state() == IceState.COMPLETED,
            Duration.ofSeconds(20)),
        () -> a.link().fates() + " " + b.link().fates());
    world.run(Duration.ofSeconds(2));
  }

  @Test
  void findEachOtherOnOneLinkByName() {
    serve();
    SimPeer a = peer("a", home, "192.168.1.2");
    SimPeer b = peer("b", home, "192.168.1.3");
    connect(a, b);
    assertEquals(
        ip("192.168.1.3"), a.link().path().orElseThrow().flow().remote().ip(), "the link itself");
    assertTellsNoAddress(a, "192.168.");
    assertTellsNoAddress(b, "192.168.");
    assertTrue(IceJson.format(a.link().description()).contains(".local"));
  }

  @Test
  void elsewhereTheNameSaysNothing() {
    serve();
    SimPeer a = peer("a", home, "192.168.1.2");
    SimPeer b = peer("b", network(2), "10.1.2.3");
    connect(a, b);
    assertEquals(CandidateType.SERVER_REFLEXIVE, a.link().path().orElseThrow().remote().type());
    assertTellsNoAddress(a, "192.168.");
    assertTellsNoAddress(b, "10.1.2.");
  }

  private static void assertTellsNoAddress(SimPeer peer, String prefix) {
    String told = IceJson.format(peer.link().description());
    assertFalse(told.contains("\"" + prefix), told);
    assertFalse(told.contains("relatedAddress"), told);
  }
}
