package dev.culvert.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.ice.Candidate;
import dev.culvert.ice.CandidateType;
import dev.culvert.ice.IceConfig;
import dev.culvert.ice.IcePolicy;
import dev.culvert.ice.IceRole;
import dev.culvert.ice.IceState;
import dev.culvert.lab.spec.LabSpec;
import dev.culvert.lab.world.SimWorld;
import dev.culvert.sansio.Transport;
import dev.culvert.sansio.TransportAddress;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class PeerSessionTest {
  private static final Duration SIGNALLING = Duration.ofMillis(40);

  private final SimWorld lab =
      SimWorld.up(
          LabSpec.builder()
              .seed(7)
              .home("a", "eim/apdf/random")
              .home("b", "eim/apdf/random")
              .build());

  private InetAddress ip(String name) {
    return Objects.requireNonNull(lab.addresses().get(name)).get(0);
  }

  private SimPeer peer(String name) {
    LocalAddress address = new LocalAddress("eth0", ip(name));
    return new SimPeer(
        lab.world(), lab.host(name), SessionConfig.of(List.of(address)).asking(servers()));
  }

  private List<NamedServer> servers() {
    return List.of(new NamedServer("s1", new TransportAddress(ip("s1"), 3478)));
  }

  private void serve() {
    SimRelay.on(lab, "s1");
  }

  @Test
  void twoBehindNatsReachEachOtherOverOneSocketEach() {
    serve();
    SimPeer a = peer("a");
    SimPeer b = peer("b");
    a.meet(b, IceConfig.standard(IceRole.CONTROLLING), SIGNALLING);
    b.meet(a, IceConfig.standard(IceRole.CONTROLLED), SIGNALLING);
    assertTrue(
        lab.await(
            () -> a.state() == IceState.COMPLETED && b.state() == IceState.COMPLETED,
            Duration.ofSeconds(20)));
    assertFalse(a.link().path().orElseThrow().isRelayed());
    a.send("hello");
    b.send("well");
    lab.pass(Duration.ofSeconds(1));
    assertEquals(List.of("hello"), b.texts());
    assertEquals(List.of("well"), a.texts());
    assertEquals(1, a.session.sockets().size());
  }

  /** People copy descriptions by hand; NATs must not forget what stands in them meanwhile. */
  @Test
  void keepsItsMappingsWhileThePeerTakesItsTime() {
    serve();
    SimPeer a = peer("a");
    SimPeer b = peer("b");
    a.meet(b, patient(IceRole.CONTROLLING), SIGNALLING);
    lab.pass(Duration.ofMinutes(30));
    b.meet(a, patient(IceRole.CONTROLLED), SIGNALLING);
    assertTrue(
        lab.await(
            () -> a.state() == IceState.COMPLETED && b.state() == IceState.COMPLETED,
            Duration.ofSeconds(20)),
        () -> a.link().fates() + " " + b.link().fates());
    assertEquals(List.of(), a.advice());
  }

  /** The first link leaves relays out; the second one waits for them all the same. */
  @Test
  void relaysAreAskedForAsSoonAsALinkMayUseThem() {
    SimRelay relay = SimRelay.on(lab, "s1");
    LocalAddress address = new LocalAddress("eth0", ip("a"));
    SimPeer a =
        new SimPeer(
            lab.world(),
            lab.host("a"),
            SessionConfig.of(List.of(address)).relaying(List.of(relay.over(Transport.UDP))));
    List<PeerLink> links = new ArrayList<>();
    for (IcePolicy policy : List.of(IcePolicy.DIRECT_ONLY, IcePolicy.RELAY_ONLY)) {
      IceConfig config = IceConfig.standard(IceRole.CONTROLLING).withPolicy(policy);
      a.seat.execute(now -> links.add(a.session.open(config, now)));
      lab.pass(Duration.ofSeconds(1));
    }
    assertEquals(
        List.of(CandidateType.HOST, CandidateType.RELAYED),
        links.stream()
            .map(PeerLink::description)
            .flatMap(its -> its.candidates().stream())
            .map(Candidate::type)
            .toList());
    assertTrue(links.stream().allMatch(its -> its.description().complete()));
    assertEquals(IceState.NEW, links.get(1).state());
  }

  private static IceConfig patient(IceRole role) {
    return IceConfig.standard(role).withPatience(Duration.ofHours(1));
  }
}
