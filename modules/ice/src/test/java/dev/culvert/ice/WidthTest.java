package dev.culvert.ice;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.natsim.Link;
import dev.culvert.natsim.World;
import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.IpLiterals;
import dev.culvert.sansio.Output;
import java.net.InetAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two agents with a direct way that large datagrams do not pass, from the start or later. */
class WidthTest {
  private static final int LARGEST = 1199;
  private static final Duration TICK = Duration.ofMillis(20);

  private final World world = new World(11);
  private SimAgent a = agent("a", IceRole.CONTROLLING, true);
  private SimAgent b = agent("b", IceRole.CONTROLLED, true);
  private int numbered;

  private static InetAddress ip(String text) {
    return IpLiterals.parse(text).orElseThrow();
  }

  private SimAgent agent(String name, IceRole role, boolean relayed) {
    InetAddress direct = ip("198.51.100." + (int) name.charAt(0));
    InetAddress relay = ip("203.0.113." + (int) name.charAt(0));
    return new SimAgent(
        world,
        world.internet().host(name, Link.of(Duration.ofMillis(10)), direct, relay),
        direct,
        Optional.empty(),
        relayed ? Optional.of(relay) : Optional.empty(),
        IceConfig.standard(role));
  }

  private void flow() {
    String text = String.valueOf(numbered++);
    a.send(text);
    b.send(text);
    world.schedule(TICK, this::flow);
  }

  private static boolean isDirect(Output.Send send) {
    return send.flow().local().ip().getAddress()[0] == (byte) 198;
  }

  private static boolean isTooLarge(Output.Send send) {
    return isDirect(send) && send.payload().length() > LARGEST;
  }

  private void blackHole(boolean is) {
    Predicate<Output.Send> lost = is ? WidthTest::isTooLarge : send -> false;
    a.swallowed = lost;
    b.swallowed = lost;
  }

  private void meet() {
    SimAgent.meet(a, b, Duration.ofMillis(40));
    world.run(Duration.ofSeconds(3));
  }

  private boolean bothGo(boolean relayed) {
    return List.of(a, b).stream()
        .allMatch(
            each ->
                each.agent.state() == IceState.COMPLETED
                    && each.path()
                        .filter(path -> path.isRelayed() == relayed && path.selected())
                        .isPresent());
  }

  private String story() {
    return a.path() + "\n" + b.path() + "\n" + a.agent.fates() + "\n" + b.agent.fates();
  }

  private void goes(boolean relayed, Duration within) {
    assertTrue(world.runUntil(() -> bothGo(relayed), within), this::story);
  }

  private boolean isNarrow(SimAgent agent) {
    return agent.path().filter(IcePath::narrow).isPresent();
  }

  @Test
  void theRelayIsKeptUntilLargeDatagramsPass() {
    List<SimAgent> both = List.of(a, b);
    both.forEach(each -> each.kill(each.agentIp(), true));
    blackHole(true);
    flow();
    meet();
    assertTrue(bothGo(true), this::story);
    both.forEach(each -> each.kill(each.agentIp(), false));
    both.forEach(each -> each.events.clear());
    world.run(Duration.ofSeconds(25));
    assertTrue(bothGo(true), this::story);
    assertFalse(isNarrow(a) || isNarrow(b), this::story);
    both.forEach(each -> assertEquals(List.of(), each.told(IceEvent.PathChanged.class)));
    assertTrue(
        a.steps(IceStep.PairNarrow.class).stream()
            .anyMatch(step -> step.pair().remote().type() != CandidateType.RELAYED),
        this::story);
    blackHole(false);
    goes(false, Duration.ofSeconds(60));
  }

  @Test
  void aNarrowPathThatWasFirstIsLeftForTheRelay() {
    blackHole(true);
    flow();
    meet();
    goes(true, Duration.ofSeconds(2));
    world.run(Duration.ofSeconds(20));
    assertTrue(bothGo(true), this::story);
    assertFalse(isNarrow(a) || isNarrow(b), this::story);
  }

  @Test
  void aNarrowPathIsUsedForWantOfAnother() {
    a = agent("c", IceRole.CONTROLLING, false);
    b = agent("d", IceRole.CONTROLLED, false);
    blackHole(true);
    flow();
    meet();
    assertTrue(bothGo(false), this::story);
    assertTrue(
        world.runUntil(() -> isNarrow(a) && isNarrow(b), Duration.ofSeconds(12)), this::story);
    int heard = a.texts().size();
    world.run(Duration.ofSeconds(5));
    assertTrue(a.texts().size() > heard + 200, this::story);
    blackHole(false);
    assertTrue(
        world.runUntil(() -> !isNarrow(a) && !isNarrow(b), Duration.ofSeconds(60)), this::story);
    assertTrue(a.told(IceEvent.PathLost.class).isEmpty());
  }

  @Test
  void aPathThatTurnsNarrowIsLeftWhileDataFlows() {
    flow();
    meet();
    assertTrue(bothGo(false), this::story);
    blackHole(true);
    goes(true, Duration.ofSeconds(15));
    world.run(Duration.ofSeconds(10));
    assertTrue(bothGo(true), this::story);
    assertTrue(a.told(IceEvent.PathLost.class).isEmpty());
    assertTrue(b.told(IceEvent.PathLost.class).isEmpty());
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whoDoubtsItLeavesItSoon(boolean controls) {
    flow();
    meet();
    assertTrue(bothGo(false), this::story);
    blackHole(true);
    SimAgent doubter = controls ? a : b;
    for (int i = 0; i < 20; i++) {
      world.schedule(TICK.multipliedBy(i), () -> doubter.seat.execute(doubter.agent::doubt));
    }
    Duration within = Duration.ofSeconds(controls ? 3 : 6);
    goes(true, within);
    // However often it was asked, four padded checks were enough to know.
    long large = doubter.sent.stream().filter(WidthTest::isTooLarge).count();
    assertTrue(large <= 4 + 8, () -> large + " " + story());
  }

  @Test
  void doubtOfAPathThatWorksCostsOneCheck() {
    meet();
    assertTrue(bothGo(false), this::story);
    long before = b.requests();
    b.seat.execute(b.agent::doubt);
    b.seat.execute(b.agent::doubt);
    world.run(Duration.ofMillis(500));
    assertTrue(b.requests() - before <= 2, this::story);
    assertTrue(bothGo(false), this::story);
  }

  /** The one side alone loses its padded checks: it is told again that the path is good. */
  @Test
  void twoThatFindDifferentThingsComeTogether() {
    flow();
    meet();
    assertTrue(bothGo(false), this::story);
    b.swallowed = send -> isTooLarge(send) && SimAgent.isRequest(send);
    b.seat.execute(b.agent::doubt);
    assertTrue(
        world.runUntil(
            () -> b.path().filter(IcePath::isRelayed).isPresent(), Duration.ofSeconds(4)),
        this::story);
    b.swallowed = send -> false;
    goes(false, Duration.ofSeconds(8));
  }

  @Test
  void strangersGetWhatTheyAlwaysGot() {
    a.isPlain = true;
    b.isPlain = true;
    blackHole(true);
    flow();
    meet();
    assertTrue(bothGo(false), this::story);
    world.run(Duration.ofSeconds(30));
    assertTrue(bothGo(false), this::story);
    for (SimAgent each : List.of(a, b)) {
      assertFalse(isNarrow(each));
      assertTrue(each.sent.stream().noneMatch(Output.Send::dontFragment));
      assertTrue(each.sent.stream().allMatch(send -> send.payload().length() < 200));
    }
  }

  @Test
  void paddedChecksAreAsLongAsPromisedAndAnswersNoLonger() {
    flow();
    meet();
    world.run(Duration.ofSeconds(30));
    Map<Bytes, Integer> asked = new HashMap<>();
    for (SimAgent each : List.of(a, b)) {
      each.sent.stream()
          .filter(SimAgent::isRequest)
          .forEach(send -> asked.put(send.payload().slice(8, 20), send.payload().length()));
    }
    assertTrue(asked.containsValue(Width.PADDED));
    assertTrue(asked.values().stream().allMatch(length -> length <= Width.PADDED));
    long padded = 0;
    for (SimAgent each : List.of(a, b)) {
      for (Output.Send send : each.sent) {
        boolean isAnswer = send.payload().length() >= 20 && send.payload().uint16(0) == 0x0101;
        if (isAnswer) {
          int most = asked.getOrDefault(send.payload().slice(8, 20), 0);
          assertTrue(send.payload().length() <= Math.max(most, 120));
          assertEquals(most == Width.PADDED, send.payload().length() == Width.PADDED);
          padded += send.dontFragment() ? 1 : 0;
        }
      }
    }
    assertTrue(padded >= 4, String.valueOf(padded));
  }
}
