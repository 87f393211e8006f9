package dev.culvert.ice;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.natsim.Dependence;
import dev.culvert.natsim.Host;
import dev.culvert.natsim.Link;
import dev.culvert.natsim.NatBehaviour;
import dev.culvert.natsim.World;
import dev.culvert.sansio.IpLiterals;
import dev.culvert.sansio.TransportAddress;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Failure is told as soon as it is certain, and no sooner. */
class FailureTest {
  private static final Duration TICK = Duration.ofMillis(10);
  private static final Duration SIGNALLING = Duration.ofMillis(40);
  private static final TransportAddress STUN = new TransportAddress(ip("203.0.113.10"), 3478);
  private static final NatBehaviour SYMMETRIC =
      NatBehaviour.of(Dependence.ADDRESS_AND_PORT, Dependence.ADDRESS_AND_PORT);
  private static final NatBehaviour PORT_RESTRICTED =
      NatBehaviour.of(Dependence.ENDPOINT_INDEPENDENT, Dependence.ADDRESS_AND_PORT);

  private final World world = new World(3);

  private static InetAddress ip(String text) {
    return IpLiterals.parse(text).orElseThrow();
  }

  private SimAgent behind(int number, NatBehaviour nat, IceRole role) {
    if (number == 1) {
      world.internet().host("stun", Link.of(TICK), STUN.ip()).run(new Reflector(STUN), event -> {});
    }
    Host host =
        world
            .internet()
            .nat("nat" + number, Link.of(TICK), nat, ip("192.0.2." + number))
            .inside()
            .host("host" + number, Link.of(Duration.ofMillis(1)), ip("192.168." + number + ".2"));
    return new SimAgent(
        world, host, ip("192.168." + number + ".2"), Optional.of(STUN), IceConfig.standard(role));
  }

  private SimAgent onTheInternet(String address, IceConfig config) {
    Host host = world.internet().host(address, Link.of(TICK), ip(address));
    return new SimAgent(world, host, ip(address), Optional.empty(), config);
  }

  private static Optional<IceFailure> failure(SimAgent agent) {
    return agent.told(IceEvent.Failed.class).stream().map(IceEvent.Failed::reason).findFirst();
  }

  private Duration untilFailed(SimAgent... agents) {
    Duration step = Duration.ofMillis(100);
    Duration took = Duration.ZERO;
    while (took.compareTo(Duration.ofMinutes(2)) < 0
        && !Stream.of(agents).allMatch(each -> failure(each).isPresent())) {
      world.run(step);
      took = took.plus(step);
    }
    return took;
  }

  private static void isBetween(int least, int most, Duration took) {
    assertTrue(took.toMillis() >= least * 1000L && took.toMillis() <= most * 1000L, "" + took);
  }

  @Test
  void twoThatTellEachOtherAllFailWhenNothingCanCome() {
    SimAgent a = behind(1, SYMMETRIC, IceRole.CONTROLLING);
    SimAgent b = behind(2, SYMMETRIC, IceRole.CONTROLLED);
    SimAgent.meet(a, b, SIGNALLING);
    isBetween(6, 9, untilFailed(a, b));
    assertEquals(Optional.of(IceFailure.NO_ANSWER), failure(a));
    // Six sendings on each of two pairs, none of them tried again.
    assertEquals(12, a.requests());
    assertEquals(12, b.requests());
  }

  @Test
  void patienceDecidesWhereThePeerTellsNothing() {
    SimAgent a = behind(1, SYMMETRIC, IceRole.CONTROLLING);
    SimAgent b = behind(2, SYMMETRIC, IceRole.CONTROLLED);
    a.talkative = false;
    b.talkative = false;
    SimAgent.meet(a, b, SIGNALLING);
    isBetween(39, 41, untilFailed(a, b));
  }

  @Test
  void patienceDecidesWithAPeerOfAnotherMake() {
    SimAgent a = onTheInternet("198.51.100.1", IceConfig.standard(IceRole.CONTROLLING));
    IceParameters stranger = IceParameters.of(new IceCredentials("abcd", "0123456789012345678901"));
    a.seat.execute(
        now -> {
          a.agent.remote(stranger, now);
          a.agent.addRemote(SimAgent.host("198.51.100.77", 7), now);
          a.agent.endRemote(now);
          a.agent.peerBegan(now);
        });
    isBetween(39, 41, untilFailed(a));
  }

  @Test
  void aPeerThatGaveUpEndsItAtOnce() {
    SimAgent a = behind(1, SYMMETRIC, IceRole.CONTROLLING);
    SimAgent b = behind(2, SYMMETRIC, IceRole.CONTROLLED);
    SimAgent.meet(a, b, SIGNALLING);
    world.run(Duration.ofSeconds(1));
    a.seat.execute(now -> a.agent.peerFailed(now));
    world.run(Duration.ofMillis(1));
    assertEquals(Optional.of(IceFailure.PEER_GAVE_UP), failure(a));
  }

  @Test
  void aPathThatStandsOutlivesTheWordOfThePeer() {
    SimAgent a = onTheInternet("198.51.100.1", IceConfig.standard(IceRole.CONTROLLING));
    SimAgent b = onTheInternet("198.51.100.2", IceConfig.standard(IceRole.CONTROLLED));
    SimAgent.meet(a, b, SIGNALLING);
    world.run(Duration.ofSeconds(1));
    a.seat.execute(now -> a.agent.peerFailed(now));
    world.run(Duration.ofMinutes(1));
    assertEquals(IceState.COMPLETED, a.agent.state());
  }

  @Test
  void aPolicyThatLeavesNothingIsNamed() {
    SimAgent a =
        onTheInternet(
            "198.51.100.1",
            IceConfig.standard(IceRole.CONTROLLING).withPolicy(IcePolicy.DIRECT_ONLY));
    InetAddress relay = ip("198.51.100.3");
    SimAgent b =
        new SimAgent(
            world,
            world.internet().host("b", Link.of(TICK), ip("198.51.100.2"), relay),
            ip("198.51.100.2"),
            Optional.empty(),
            Optional.of(relay),
            IceConfig.standard(IceRole.CONTROLLED).withPolicy(IcePolicy.RELAY_ONLY));
    SimAgent.meet(a, b, SIGNALLING);
    isBetween(6, 9, untilFailed(a, b));
    assertEquals(Optional.of(IceFailure.POLICY), failure(a));
    assertEquals(0, a.sent.size());
  }

  @Test
  void familiesThatDoNotFitAreNamed() {
    SimAgent a = onTheInternet("198.51.100.1", IceConfig.standard(IceRole.CONTROLLING));
    SimAgent b = onTheInternet("2001:db8::2", IceConfig.standard(IceRole.CONTROLLED));
    SimAgent.meet(a, b, SIGNALLING);
    isBetween(6, 9, untilFailed(a, b));
    for (SimAgent each : List.of(a, b)) {
      assertEquals(Optional.of(IceFailure.NOTHING_IN_COMMON), failure(each));
    }
  }

  @Test
  void aPeerThatTellsNoCandidateIsNamed() {
    SimAgent a = onTheInternet("198.51.100.1", IceConfig.standard(IceRole.CONTROLLING));
    SimAgent b =
        onTheInternet(
            "198.51.100.2",
            IceConfig.standard(IceRole.CONTROLLED).withPolicy(IcePolicy.RELAY_ONLY));
    SimAgent.meet(a, b, SIGNALLING);
    isBetween(6, 9, untilFailed(a, b));
    assertEquals(Optional.of(IceFailure.NO_REMOTE_CANDIDATES), failure(a));
    assertEquals(Optional.of(IceFailure.NO_LOCAL_CANDIDATES), failure(b));
  }

  @Test
  void whoBeginsLateFindsTheOthersNatOpen() {
    // The description of b reaches a at once, that of a takes half a minute: copied by hand.
    Duration life = Duration.ofSeconds(20);
    SimAgent a = behind(1, PORT_RESTRICTED.timeout(life), IceRole.CONTROLLING);
    SimAgent b = behind(2, PORT_RESTRICTED, IceRole.CONTROLLED);
    b.meets(a, SIGNALLING);
    a.meets(b, Duration.ofSeconds(30));
    assertTrue(
        world.runUntil(
            () -> a.agent.state() == IceState.COMPLETED && b.agent.state() == IceState.COMPLETED,
            Duration.ofSeconds(32)),
        () -> a.agent.fates() + " " + b.agent.fates());
  }

  @Test
  void aLateCheckOfThePeerPostponesTheEnd() {
    SimAgent a = behind(1, SYMMETRIC, IceRole.CONTROLLING);
    SimAgent b = behind(2, SYMMETRIC, IceRole.CONTROLLED);
    SimAgent.meet(a, b, SIGNALLING);
    // Once all failed, one more candidate comes: it may yet answer.
    world.schedule(
        Duration.ofMillis(6500),
        () -> a.seat.execute(now -> a.agent.addRemote(SimAgent.host("198.51.100.77", 7), now)));
    isBetween(12, 15, untilFailed(a));
  }
}
