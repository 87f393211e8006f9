package dev.culvert.ice;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.natsim.Dependence;
import dev.culvert.natsim.Host;
import dev.culvert.natsim.Link;
import dev.culvert.natsim.NatBehaviour;
import dev.culvert.natsim.World;
import dev.culvert.sansio.IpLiterals;
import dev.culvert.sansio.MonotonicTime;
import dev.culvert.sansio.TransportAddress;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Paths through NATs that forget soon: they do not break, and few packets keep them. */
class KeepaliveTest {
  private static final Duration TICK = Duration.ofMillis(10);
  private static final TransportAddress STUN = new TransportAddress(ip("203.0.113.10"), 3478);
  private static final int SECONDS = 600;

  private final World world = new World(11);
  private final Host server = world.internet().host("stun", Link.of(TICK), STUN.ip());

  private static InetAddress ip(String text) {
    return IpLiterals.parse(text).orElseThrow();
  }

  private SimAgent behind(int number, NatBehaviour nat, IceRole role) {
    InetAddress ip = ip("192.168." + number + ".2");
    Host host =
        world
            .internet()
            .nat("nat" + number, Link.of(TICK), nat, ip("192.0.2." + number))
            .inside()
            .host("host" + number, Link.of(Duration.ofMillis(1)), ip);
    return new SimAgent(world, host, ip, Optional.of(STUN), IceConfig.standard(role));
  }

  private List<SimAgent> connected(Dependence filtering, Duration lifetime) {
    server.run(new Reflector(STUN), event -> {});
    NatBehaviour nat =
        NatBehaviour.of(Dependence.ENDPOINT_INDEPENDENT, filtering).timeout(lifetime, false);
    SimAgent a = behind(1, nat, IceRole.CONTROLLING);
    SimAgent b = behind(2, nat, IceRole.CONTROLLED);
    SimAgent.meet(a, b, Duration.ofMillis(40));
    world.run(Duration.ofSeconds(2));
    assertEquals(IceState.COMPLETED, a.agent.state());
    assertEquals(IceState.COMPLETED, b.agent.state());
    for (SimAgent each : List.of(a, b)) {
      each.sent.clear();
      each.steps.clear();
    }
    return List.of(a, b);
  }

  private static void holds(SimAgent agent) {
    assertEquals(List.of(), agent.steps(IceStep.PairSilent.class));
    assertEquals(List.of(), agent.steps(IceStep.PathLost.class));
    assertEquals(List.of(), agent.steps(IceStep.KeepaliveChanged.class));
    assertEquals(IceState.COMPLETED, agent.agent.state());
  }

  private static void isBetween(double least, double most, long count) {
    assertTrue(count >= least && count <= most, count + " is not " + least + " to " + most);
  }

  @ParameterizedTest
  @ValueSource(ints = {5, 10, 30})
  void anIdlePathHolds(int lifetime) {
    List<SimAgent> both = connected(Dependence.ADDRESS_AND_PORT, Duration.ofSeconds(lifetime));
    world.run(Duration.ofSeconds(SECONDS));
    for (SimAgent each : both) {
      holds(each);
      isBetween(SECONDS / 4.8 - 1, SECONDS / 4.0 + 1, each.requests());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {5, 10, 30})
  void aPathHoldsThatDataTakesOneWayOnly(int lifetime) {
    List<SimAgent> both = connected(Dependence.ADDRESS_AND_PORT, Duration.ofSeconds(lifetime));
    for (int i = 0; i < SECONDS * 10; i++) {
      world.schedule(Duration.ofMillis(100L * i), () -> both.get(0).send("on and on"));
    }
    world.run(Duration.ofSeconds(SECONDS));
    both.forEach(KeepaliveTest::holds);
    assertEquals(SECONDS * 10, both.get(1).texts().size());
    // Who sends and hears nothing asks once a second.
    isBetween(SECONDS / 1.3, SECONDS, both.get(0).requests());
    isBetween(SECONDS / 4.8 - 1, SECONDS / 4.0 + 1, both.get(1).requests());
  }

  @ParameterizedTest
  @ValueSource(ints = {2_000, 5_000, 60_000})
  void aLifetimeThatIsKnownIsHeeded(int millis) {
    List<SimAgent> both = connected(Dependence.ADDRESS_AND_PORT, Duration.ofMillis(millis));
    both.forEach(
        each ->
            each.seat.execute(now -> each.agent.mappingLifetime(Duration.ofMillis(millis), now)));
    both.forEach(each -> each.steps.clear());
    world.run(Duration.ofSeconds(SECONDS));
    double longest = Math.min(4.8, Math.max(1.0, millis / 3000.0));
    for (SimAgent each : both) {
      holds(each);
      isBetween(SECONDS / longest - 1, SECONDS / longest * 1.25 + 2, each.requests());
    }
  }

  @Test
  void theShortestLifetimeCounts() {
    List<SimAgent> both = connected(Dependence.ADDRESS_AND_PORT, Duration.ofMinutes(2));
    SimAgent a = both.get(0);
    a.seat.execute(now -> a.agent.mappingLifetime(Duration.ofSeconds(6), now));
    a.seat.execute(now -> a.agent.mappingLifetime(Duration.ofMinutes(10), now));
    assertEquals(
        List.of(Duration.ofSeconds(2)),
        a.steps(IceStep.KeepaliveChanged.class).stream()
            .map(IceStep.KeepaliveChanged::atMost)
            .toList());
    world.run(Duration.ofSeconds(SECONDS));
    isBetween(SECONDS / 2.0 - 1, SECONDS / 1.6 + 2, a.requests());
  }

  @Test
  void whoSeesAMappingGoneAsksMoreOften() {
    // This NAT forgets sooner than any that is known: each answer to a check after a rest shows
    // another port, until the rests are short enough.
    NatBehaviour nat =
        NatBehaviour.of(Dependence.ENDPOINT_INDEPENDENT, Dependence.ENDPOINT_INDEPENDENT)
            .timeout(Duration.ofMillis(2_200), false);
    server.run(new Reflector(STUN), event -> {});
    SimAgent a = behind(1, nat, IceRole.CONTROLLING);
    InetAddress ip = ip("198.51.100.2");
    SimAgent b =
        new SimAgent(
            world,
            world.internet().host("b", Link.of(TICK), ip),
            ip,
            Optional.empty(),
            IceConfig.standard(IceRole.CONTROLLED));
    List<SimAgent> both = List.of(a, b);
    SimAgent.meet(a, b, Duration.ofMillis(40));
    world.run(Duration.ofSeconds(60));
    assertTrue(!a.steps(IceStep.KeepaliveChanged.class).isEmpty(), "not learnt");
    both.forEach(each -> each.steps.clear());
    world.run(Duration.ofSeconds(SECONDS));
    both.forEach(KeepaliveTest::holds);
    both.forEach(each -> assertEquals(0, each.told(IceEvent.PathLost.class).size()));
  }

  @Test
  void aMappingThatChangesWhileDataFlowsTeachesNothing() {
    List<SimAgent> both = connected(Dependence.ENDPOINT_INDEPENDENT, Duration.ofMinutes(2));
    SimAgent a = both.get(0);
    for (int i = 0; i < 1000; i++) {
      world.schedule(Duration.ofMillis(20L * i), () -> a.send("on and on"));
      world.schedule(Duration.ofMillis(20L * i), () -> both.get(1).send("and back"));
    }
    world.run(Duration.ofSeconds(5));
    a.udpIsDead = true;
    world.run(Duration.ofMillis(700));
    a.udpIsDead = false;
    world.run(Duration.ofSeconds(14));
    assertEquals(List.of(), a.steps(IceStep.KeepaliveChanged.class));
  }

  @Test
  void aPairThatStandsByIsAskedSeldom() {
    World two = new World(3);
    List<SimAgent> both =
        List.of(standingBy(two, 1, IceRole.CONTROLLING), standingBy(two, 2, IceRole.CONTROLLED));
    SimAgent.meet(both.get(0), both.get(1), Duration.ofMillis(40));
    two.run(Duration.ofSeconds(5));
    both.forEach(each -> each.sent.clear());
    two.run(Duration.ofSeconds(SECONDS));
    for (SimAgent each : both) {
      long used =
          each.sent.stream()
              .filter(send -> send.flow().equals(each.path().get().flow()))
              .filter(SimAgent::isRequest)
              .count();
      isBetween(SECONDS / 4.8 - 1, SECONDS / 4.0 + 1, used);
      // Two more stand by.
      isBetween(2 * SECONDS / 14.4 - 2, 2 * SECONDS / 9.6 + 2, each.requests() - used);
    }
  }

  private static SimAgent standingBy(World world, int number, IceRole role) {
    InetAddress direct = ip("198.51.100." + number);
    InetAddress relay = ip("203.0.113." + number);
    return new SimAgent(
        world,
        world.internet().host("x" + number, Link.of(TICK), direct, relay),
        direct,
        Optional.empty(),
        Optional.of(relay),
        IceConfig.standard(role));
  }

  @Test
  void nothingIsDueOnceAllIsOver() {
    List<SimAgent> both = connected(Dependence.ADDRESS_AND_PORT, Duration.ofMinutes(2));
    both.get(1).seat.stop();
    world.run(Duration.ofMinutes(2));
    assertEquals(Optional.<MonotonicTime>empty(), both.get(0).agent.nextDeadline());
    // 250 ms apart for 2 s, then 500 ms apart until the consent ends after 30.
    assertTrue(both.get(0).requests() < 80, both.get(0).requests() + " requests");
  }
}
