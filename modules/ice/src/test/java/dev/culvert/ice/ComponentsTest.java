package dev.culvert.ice;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two streams of two components each: what is checked when, and when all is done. */
class ComponentsTest {
  private static final Set<ComponentId> ALL =
      new TreeSet<>(
          List.of(
              new ComponentId(0, 1),
              new ComponentId(0, 2),
              new ComponentId(1, 1),
              new ComponentId(1, 2)));

  private final Wire wire =
      new Wire(
          IceConfig.standard(IceRole.CONTROLLED).withComponents(ALL),
          IceConfig.standard(IceRole.CONTROLLING).withComponents(ALL));

  private static List<Candidate> told(List<LocalCandidate> candidates) {
    return candidates.stream().map(LocalCandidate::candidate).toList();
  }

  private void has(IceAgent agent, boolean relayed) {
    Wire.candidates(agent == wire.a, relayed, ALL)
        .forEach(each -> agent.addLocal(each, wire.now()));
    agent.endLocal(wire.now());
  }

  private void hears(IceAgent agent, boolean relayed) {
    IceAgent peer = agent == wire.a ? wire.b : wire.a;
    agent.remote(
        peer.parameters(), told(Wire.candidates(peer == wire.a, relayed, ALL)), wire.now());
    agent.endRemote(wire.now());
    agent.peerBegan(wire.now());
  }

  private void both(boolean relayed) {
    has(wire.a, relayed);
    has(wire.b, relayed);
    hears(wire.a, relayed);
    hears(wire.b, relayed);
  }

  private List<String> checksOf(boolean byA, long untilMillis) {
    return wire.sent.stream()
        .filter(each -> each.byA() == byA && each.request() && each.millis() <= untilMillis)
        .map(each -> each.millis() + " " + each.words())
        .toList();
  }

  @Test
  void oneOfEachFoundationIsFirst() {
    // The peer answers nothing, and controls, so its candidate decides between equals: the first
    // component of the first stream goes alone, best first.
    wire.passes(each -> false);
    has(wire.a, true);
    hears(wire.a, true);
    wire.run(Duration.ofMillis(140));
    assertEquals(
        List.of("0 0.1 host-host", "5 0.1 relay-host", "10 0.1 host-relay", "15 0.1 relay-relay"),
        checksOf(true, 140));
  }

  @Test
  void aFoundationThatWorksFreesItsLikeInTurns() {
    // The other side only answers, as it has not heard of this one's candidates.
    has(wire.a, true);
    has(wire.b, true);
    hears(wire.a, true);
    wire.passes(each -> each.byA() ? each.words().endsWith("host-host") : !each.request());
    wire.run(Duration.ofMillis(140));
    assertEquals(
        List.of(
            "0 0.1 host-host",
            "5 0.1 relay-host",
            "10 0.1 host-relay",
            "15 0.1 relay-relay",
            // Answered at 50: now the streams take turns, and the best of each goes first.
            "50 1.1 host-host",
            "55 0.2 host-host",
            "60 1.2 host-host"),
        checksOf(true, 60));
  }

  @Test
  void whoseFirstFailsGoesOnWithTheNext() {
    wire.passes(each -> false);
    has(wire.a, false);
    hears(wire.a, false);
    wire.run(Duration.ofSeconds(30));
    List<String> firsts = wire.sent.stream().map(Wire.Sent::words).distinct().toList();
    assertEquals(
        List.of("0.1 host-host", "1.1 host-host", "0.2 host-host", "1.2 host-host"), firsts);
    assertEquals(24, wire.sent.size());
    assertTrue(wire.a.fates().stream().allMatch(fate -> fate.state() == PairState.FAILED));
  }

  @Test
  void aCandidateThatComesLateTakesThePlaceOfOneThatHasNotLeft() {
    wire.passes(each -> false);
    List<LocalCandidate> own = new ArrayList<>(Wire.candidates(true, false, ALL));
    Collections.reverse(own);
    own.forEach(each -> wire.a.addLocal(each, wire.now()));
    List<Candidate> theirs = new ArrayList<>(told(Wire.candidates(false, false, ALL)));
    Collections.reverse(theirs);
    wire.a.remote(wire.b.parameters(), theirs, wire.now());
    wire.run(Duration.ofMillis(100));
    assertEquals(List.of("0 0.1 host-host"), checksOf(true, 100));
  }

  @Test
  void whatTricklesInWaitsForItsFoundation() {
    // One by one: what left first keeps its place, and the others wait for what becomes of it.
    wire.passes(each -> each.byA() || !each.request());
    has(wire.b, false);
    has(wire.a, false);
    wire.a.remote(wire.b.parameters(), wire.now());
    List<Candidate> theirs = new ArrayList<>(told(Wire.candidates(false, false, ALL)));
    Collections.reverse(theirs);
    for (int i = 0; i < theirs.size(); i++) {
      Candidate next = theirs.get(i);
      wire.at(5L * i, () -> wire.a.addRemote(next, wire.now()));
    }
    wire.run(Duration.ofMillis(200));
    assertEquals(
        List.of("0 1.2 host-host", "50 0.1 host-host", "55 1.1 host-host", "60 0.2 host-host"),
        checksOf(true, 110));
  }

  @Test
  void allComponentsConnect() {
    both(true);
    wire.run(Duration.ofSeconds(2));
    for (IceAgent each : List.of(wire.a, wire.b)) {
      assertEquals(IceState.COMPLETED, each.state());
      for (ComponentId component : ALL) {
        IcePath path = each.path(component).orElseThrow();
        assertEquals(component, path.component());
        assertTrue(path.selected() && !path.isRelayed());
      }
    }
  }

  @Test
  void itIsDoneOnlyWhenTheLastOneIs() {
    wire.passes(each -> each.millis() > 1500 || !each.component().equals(new ComponentId(1, 2)));
    both(false);
    wire.run(Duration.ofMillis(1400));
    assertEquals(IceState.CHECKING, wire.a.state());
    assertTrue(wire.a.path(new ComponentId(0, 1)).isPresent());
    wire.run(Duration.ofSeconds(3));
    assertEquals(IceState.COMPLETED, wire.a.state());
    assertEquals(IceState.COMPLETED, wire.b.state());
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void oneThatCannotConnectFailsAll(int stream) {
    ComponentId cut = new ComponentId(stream, 2);
    wire.passes(each -> !each.component().equals(cut));
    both(true);
    wire.run(Duration.ofSeconds(5));
    assertEquals(IceState.CHECKING, wire.a.state());
    wire.run(Duration.ofSeconds(27));
    for (IceAgent each : List.of(wire.a, wire.b)) {
      assertEquals(IceState.FAILED, each.state());
      assertTrue(
          each.fates().stream()
              .filter(fate -> fate.local().component().equals(cut))
              .allMatch(fate -> fate.state() == PairState.FAILED));
    }
  }

  @Test
  void halfTrickleConnects() {
    // One side tells all at once (RFC 8838 §16), the other one by one as it finds them.
    has(wire.b, true);
    wire.a.remote(wire.b.parameters(), told(Wire.candidates(false, true, ALL)), wire.now());
    wire.a.endRemote(wire.now());
    wire.at(50, () -> wire.b.remote(wire.a.parameters(), wire.now()));
    List<LocalCandidate> found = Wire.candidates(true, true, ALL);
    for (int i = 0; i < found.size(); i++) {
      LocalCandidate one = found.get(i);
      wire.at(
          100 + 70L * i,
          () -> {
            wire.a.addLocal(one, wire.now());
            wire.b.addRemote(one.candidate(), wire.now());
          });
    }
    wire.at(
        700,
        () -> {
          wire.a.endLocal(wire.now());
          wire.b.endRemote(wire.now());
        });
    wire.run(Duration.ofMillis(650));
    assertFalse(wire.b.state() == IceState.FAILED);
    wire.run(Duration.ofSeconds(2));
    assertEquals(IceState.COMPLETED, wire.a.state());
    assertEquals(IceState.COMPLETED, wire.b.state());
  }
}
