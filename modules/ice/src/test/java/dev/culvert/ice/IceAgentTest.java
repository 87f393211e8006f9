package dev.culvert.ice;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.natsim.Dependence;
import dev.culvert.natsim.Host;
import dev.culvert.natsim.Link;
import dev.culvert.natsim.NatBehaviour;
import dev.culvert.natsim.Router;
import dev.culvert.natsim.World;
import dev.culvert.sansio.IpLiterals;
import dev.culvert.sansio.TransportAddress;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Two agents on a simulated Internet. */
class IceAgentTest {
  private static final Duration TICK = Duration.ofMillis(10);
  private static final Duration SIGNALLING = Duration.ofMillis(40);
  private static final NatBehaviour PORT_RESTRICTED =
      NatBehaviour.of(Dependence.ENDPOINT_INDEPENDENT, Dependence.ADDRESS_AND_PORT);
  private static final NatBehaviour SYMMETRIC =
      NatBehaviour.of(Dependence.ADDRESS_AND_PORT, Dependence.ADDRESS_AND_PORT);
  private static final TransportAddress STUN = new TransportAddress(ip("203.0.113.10"), 3478);

  private final World world = new World(1);
  private SimAgent a = onTheInternet("198.51.100.1", IceConfig.standard(IceRole.CONTROLLING));
  private SimAgent b = onTheInternet("198.51.100.2", IceConfig.standard(IceRole.CONTROLLED));

  private static InetAddress ip(String text) {
    return IpLiterals.parse(text).orElseThrow();
  }

  private SimAgent onTheInternet(String ip, IceConfig config) {
    Host host = world.internet().host(ip, Link.of(TICK), ip(ip));
    return new SimAgent(world, host, ip(ip), Optional.empty(), config);
  }

  private void onTheInternet(IceConfig first, IceConfig second) {
    a = onTheInternet("198.51.100.3", first);
    b = onTheInternet("198.51.100.4", second);
  }

  private SimAgent behind(
      String name, String outside, String inside, NatBehaviour nat, IceRole role) {
    Router router = world.internet().nat(name + "-nat", Link.of(TICK), nat, ip(outside));
    Host host = router.inside().host(name, Link.of(Duration.ofMillis(1)), ip(inside));
    return new SimAgent(world, host, ip(inside), Optional.of(STUN), IceConfig.standard(role));
  }

  private void behindNats(NatBehaviour one, NatBehaviour two) {
    world.internet().host("stun", Link.of(TICK), STUN.ip()).run(new Reflector(STUN), event -> {});
    a = behind("a", "192.0.2.1", "192.168.1.2", one, IceRole.CONTROLLING);
    b = behind("b", "192.0.2.2", "192.168.2.2", two, IceRole.CONTROLLED);
  }

  private void connects() {
    SimAgent.meet(a, b, SIGNALLING);
    assertTrue(
        world.runUntil(
            () -> a.agent.state() == IceState.COMPLETED && b.agent.state() == IceState.COMPLETED,
            Duration.ofSeconds(10)),
        () ->
            a.agent.state()
                + " "
                + b.agent.state()
                + " "
                + a.agent.fates()
                + " "
                + b.agent.fates());
    assertEquals(a.path().get().flow().remote(), b.path().get().local().address().known().get());
    assertEquals(b.path().get().flow().remote(), a.path().get().local().address().known().get());
  }

  @Test
  void twoHostsOnTheInternetConnect() {
    connects();
    a.send("hello");
    b.send("good day");
    world.run(Duration.ofSeconds(1));
    assertEquals(List.of("good day"), a.texts());
    assertEquals(List.of("hello"), b.texts());
    // Each: a check, and one more as the other's comes before the answer (RFC 8445 §7.3.1.4);
    // a nomination from the one that controls; and a padded one for the size of what passes.
    assertEquals(4, a.requests());
    assertEquals(3, b.requests());
  }

  @Test
  void portRestrictedNatsArePunched() {
    behindNats(PORT_RESTRICTED, PORT_RESTRICTED);
    connects();
    assertEquals(CandidateType.SERVER_REFLEXIVE, a.path().get().local().type());
  }

  @Test
  void aSymmetricNatMeetsAnAddressRestrictedOne() {
    behindNats(SYMMETRIC, NatBehaviour.of(Dependence.ENDPOINT_INDEPENDENT, Dependence.ADDRESS));
    connects();
    assertEquals(CandidateType.PEER_REFLEXIVE, a.path().get().local().type());
    assertEquals(CandidateType.PEER_REFLEXIVE, b.path().get().remote().type());
  }

  @Test
  void symmetricNatsWithoutRelayFail() {
    behindNats(SYMMETRIC, SYMMETRIC);
    SimAgent.meet(a, b, SIGNALLING);
    world.run(Duration.ofMinutes(1));
    for (SimAgent each : List.of(a, b)) {
      assertEquals(IceState.FAILED, each.agent.state());
      IceEvent.Failed failed = each.told(IceEvent.Failed.class).get(0);
      assertEquals(IceFailure.NO_ANSWER, failed.reason());
      assertEquals(2, failed.fates().size());
      assertTrue(failed.fates().stream().allMatch(fate -> fate.state() == PairState.FAILED));
      assertEquals(Optional.empty(), each.agent.nextDeadline());
    }
  }

  @Test
  void twoThatBothWantToControlAgree() {
    onTheInternet(IceConfig.standard(IceRole.CONTROLLING), IceConfig.standard(IceRole.CONTROLLING));
    connects();
    assertNotEquals(a.agent.role(), b.agent.role());
  }

  @Test
  void twoThatBothWantToBeControlledAgree() {
    onTheInternet(IceConfig.standard(IceRole.CONTROLLED), IceConfig.standard(IceRole.CONTROLLED));
    connects();
    assertNotEquals(a.agent.role(), b.agent.role());
  }

  @Test
  void aLiteAgentOnlyAnswers() {
    onTheInternet(
        IceConfig.standard(IceRole.CONTROLLED), IceConfig.standard(IceRole.CONTROLLING).withLite());
    connects();
    assertEquals(IceRole.CONTROLLING, a.agent.role());
    assertEquals(0, b.requests());
    world.run(Duration.ofMinutes(2));
    assertEquals(IceState.COMPLETED, a.agent.state());
    assertEquals(IceState.COMPLETED, b.agent.state());
  }

  @Test
  void aRestartFindsANewPathWhileDataFlows() {
    behindNats(PORT_RESTRICTED, PORT_RESTRICTED);
    connects();
    IceCredentials first = a.agent.parameters().credentials();
    for (int i = 0; i < 100; i++) {
      String text = "data " + i;
      world.schedule(Duration.ofMillis(20L * i), () -> a.send(text));
    }
    world.schedule(Duration.ofMillis(500), a::restart);
    world.run(Duration.ofSeconds(5));
    assertNotEquals(first, a.agent.parameters().credentials());
    assertEquals(IceState.COMPLETED, a.agent.state());
    assertEquals(IceState.COMPLETED, b.agent.state());
    assertEquals(100, b.texts().size(), () -> b.texts().toString());
  }

  @Test
  void consentEndsWhenThePeerIsGone() {
    connects();
    b.seat.stop();
    world.run(Duration.ofSeconds(10));
    assertEquals(IceState.DISCONNECTED, a.agent.state());
    world.run(Duration.ofSeconds(30));
    assertEquals(IceState.FAILED, a.agent.state());
    assertEquals(IceFailure.CONSENT_EXPIRED, a.told(IceEvent.Failed.class).get(0).reason());
    assertEquals(1, a.told(IceEvent.PathLost.class).size());
  }

  @Test
  void aLongSilenceDoesNotEndWhatBothConsentTo() {
    behindNats(PORT_RESTRICTED, PORT_RESTRICTED);
    connects();
    world.run(Duration.ofHours(1));
    assertEquals(IceState.COMPLETED, a.agent.state());
    assertEquals(0, a.told(IceEvent.PathLost.class).size());
    a.send("still there?");
    world.run(Duration.ofSeconds(1));
    assertEquals(List.of("still there?"), b.texts());
  }

  @Test
  void checksThatComeBeforeTheDescriptionCount() {
    a.meets(b, Duration.ofMillis(40));
    b.meets(a, Duration.ofMillis(400));
    world.run(Duration.ofSeconds(2));
    assertEquals(IceState.COMPLETED, a.agent.state());
    assertEquals(IceState.COMPLETED, b.agent.state());
  }

  @Test
  void whoHasNoCandidateFailsAtOnce() {
    onTheInternet(
        IceConfig.standard(IceRole.CONTROLLING).withPolicy(IcePolicy.RELAY_ONLY),
        IceConfig.standard(IceRole.CONTROLLED));
    SimAgent.meet(a, b, SIGNALLING);
    world.run(Duration.ofMillis(100));
    assertEquals(IceFailure.NO_LOCAL_CANDIDATES, a.told(IceEvent.Failed.class).get(0).reason());
    assertEquals(0, a.sent.size());
  }
}
