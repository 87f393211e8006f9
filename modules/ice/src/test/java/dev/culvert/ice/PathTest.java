package dev.culvert.ice;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.natsim.Link;
import dev.culvert.natsim.World;
import dev.culvert.sansio.IpLiterals;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two agents with two ways each: which one data goes, and what happens when it breaks. */
class PathTest {
  private static final InetAddress DIRECT_A = ip("198.51.100.1");
  private static final InetAddress DIRECT_B = ip("198.51.100.2");
  private static final InetAddress RELAY_A = ip("203.0.113.1");
  private static final InetAddress RELAY_B = ip("203.0.113.2");
  private static final Duration TICK = Duration.ofMillis(20);

  private final World world = new World(7);
  private SimAgent a = agent("a", IceConfig.standard(IceRole.CONTROLLING), DIRECT_A, RELAY_A);
  private SimAgent b = agent("b", IceConfig.standard(IceRole.CONTROLLED), DIRECT_B, RELAY_B);
  private int numbered;

  private static InetAddress ip(String text) {
    return IpLiterals.parse(text).orElseThrow();
  }

  private SimAgent agent(String name, IceConfig config, InetAddress direct, InetAddress relay) {
    return new SimAgent(
        world,
        world.internet().host(name, Link.of(Duration.ofMillis(10)), direct, relay),
        direct,
        Optional.empty(),
        Optional.of(relay),
        config);
  }

  @BeforeEach
  void dataFlowsAllTheTime() {
    flow();
  }

  private void flow() {
    String text = String.valueOf(numbered++);
    a.send(text);
    b.send(text);
    world.schedule(TICK, this::flow);
  }

  private void cutDirect(boolean isCut) {
    a.kill(DIRECT_A, isCut);
    b.kill(DIRECT_B, isCut);
  }

  private void connect() {
    SimAgent.meet(a, b, Duration.ofMillis(40));
    world.run(Duration.ofSeconds(3));
    assertEquals(IceState.COMPLETED, a.agent.state());
    assertEquals(IceState.COMPLETED, b.agent.state());
  }

  private static boolean goes(SimAgent agent, boolean relayed) {
    return agent.path().filter(path -> path.isRelayed() == relayed && path.selected()).isPresent();
  }

  @Test
  void theDirectWayIsTaken() {
    connect();
    assertTrue(goes(a, false) && goes(b, false), a.path() + " " + b.path());
  }

  @Test
  void aSilentPathIsReplacedWithinThreeSeconds() {
    connect();
    cutDirect(true);
    int before = Math.min(a.texts().size(), b.texts().size());
    world.run(Duration.ofSeconds(3));
    assertTrue(goes(a, true) && goes(b, true), a.path() + " " + b.path());
    assertTrue(a.told(IceEvent.PathLost.class).isEmpty());
    world.run(Duration.ofSeconds(1));
    assertTrue(a.texts().size() > before + 40, "" + (a.texts().size() - before));
    assertTrue(b.texts().size() > before + 40, "" + (b.texts().size() - before));
    assertEquals(IceState.COMPLETED, a.agent.state());
  }

  @Test
  void dataReturnsToTheDirectWay() {
    connect();
    cutDirect(true);
    world.run(Duration.ofSeconds(5));
    cutDirect(false);
    world.run(Duration.ofSeconds(20));
    assertTrue(goes(a, false) && goes(b, false), a.path() + " " + b.path());
  }

  @Test
  void aDirectWayThatOpensLateReplacesTheRelay() {
    cutDirect(true);
    connect();
    assertTrue(goes(a, true) && goes(b, true));
    cutDirect(false);
    world.run(Duration.ofSeconds(8));
    assertTrue(goes(a, false) && goes(b, false), a.path() + " " + b.path());
  }

  @Test
  void oneWhoOnlySwallowsIsLeftToo() {
    connect();
    b.kill(DIRECT_B, true);
    world.run(Duration.ofSeconds(3));
    assertTrue(goes(a, true), a.path().toString());
    assertTrue(goes(b, true), b.path().toString());
  }

  @Test
  void aRestartHasItsOwnTimeWhenThePathBeforeItEnds() {
    connect();
    for (SimAgent each : List.of(a, b)) {
      List.of(DIRECT_A, DIRECT_B, RELAY_A, RELAY_B).forEach(ip -> each.kill(ip, true));
    }
    // Consent ends 30 s after the last check that was answered; the restart comes just before.
    world.run(Duration.ofSeconds(26));
    assertEquals(IceState.DISCONNECTED, a.agent.state());
    a.restart();
    assertTrue(
        world.runUntil(() -> a.path().isEmpty(), Duration.ofMillis(3_500)), a.path().toString());
    assertEquals(IceState.DISCONNECTED, a.agent.state());
    for (SimAgent each : List.of(a, b)) {
      List.of(DIRECT_A, DIRECT_B, RELAY_A, RELAY_B).forEach(ip -> each.kill(ip, false));
    }
    world.run(Duration.ofSeconds(10));
    assertEquals(IceState.COMPLETED, a.agent.state());
    assertEquals(IceState.COMPLETED, b.agent.state());
    assertTrue(goes(a, false) && goes(b, false), a.path() + " " + b.path());
  }

  /** A host that has moved to another network has no path, and the peer's answer takes its time. */
  @Test
  void aRestartHasItsOwnTimeWhenNoPathIsLeft() {
    connect();
    a.seat.execute(
        now ->
            a.steps(IceStep.LocalAdded.class)
                .forEach(each -> a.agent.removeLocal(each.candidate().base().id(), "gone", now)));
    world.run(Duration.ofMillis(100));
    assertEquals(Optional.empty(), a.path());
    assertEquals(IceState.DISCONNECTED, a.agent.state());
    a.restart();
    world.run(Duration.ofMillis(20));
    assertEquals(IceState.DISCONNECTED, a.agent.state());
    world.run(Duration.ofSeconds(3));
    assertEquals(IceState.COMPLETED, a.agent.state());
    assertEquals(IceState.COMPLETED, b.agent.state());
    assertEquals(List.of(), a.told(IceEvent.Failed.class));
  }

  /** And if it never comes, the agent gives up. */
  @Test
  void aRestartThatNobodyAnswersEnds() {
    connect();
    for (SimAgent each : List.of(a, b)) {
      List.of(DIRECT_A, DIRECT_B, RELAY_A, RELAY_B).forEach(ip -> each.kill(ip, true));
    }
    a.seat.execute(
        now -> {
          a.steps(IceStep.LocalAdded.class)
              .forEach(each -> a.agent.removeLocal(each.candidate().base().id(), "gone", now));
          a.agent.restart(now);
        });
    world.run(Duration.ofSeconds(30));
    assertEquals(IceState.DISCONNECTED, a.agent.state());
    world.run(Duration.ofSeconds(15));
    assertEquals(IceState.FAILED, a.agent.state());
  }

  @Test
  void policiesHoldOnTheWire() {
    a =
        agent(
            "c",
            IceConfig.standard(IceRole.CONTROLLING).withPolicy(IcePolicy.RELAY_ONLY),
            ip("198.51.100.3"),
            ip("203.0.113.3"));
    b = agent("d", IceConfig.standard(IceRole.CONTROLLED), ip("198.51.100.4"), ip("203.0.113.4"));
    connect();
    assertTrue(goes(a, true));
    assertTrue(
        a.sent.stream().allMatch(send -> send.flow().local().ip().equals(ip("203.0.113.3"))));
    assertFalse(a.sent.isEmpty());
  }

  @Test
  void noRelayIsTouchedWhereOnlyDirectIsAllowed() {
    IceConfig config = IceConfig.standard(IceRole.CONTROLLING).withPolicy(IcePolicy.DIRECT_ONLY);
    a = agent("c", config, ip("198.51.100.3"), ip("203.0.113.3"));
    b = agent("d", IceConfig.standard(IceRole.CONTROLLED), ip("198.51.100.4"), ip("203.0.113.4"));
    connect();
    assertTrue(
        a.sent.stream()
            .allMatch(
                send ->
                    send.flow().local().ip().equals(ip("198.51.100.3"))
                        && !send.flow().remote().ip().equals(ip("203.0.113.4"))));
  }
}
