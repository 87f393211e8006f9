package dev.culvert.cli.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.cli.Golden;
import dev.culvert.cli.Run;
import dev.culvert.cli.lab.verb.Traits;
import dev.culvert.lab.spec.Profile;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The demonstration in the simulated Internet, and how it is shown. */
class DemoCommandTest {

  @Test
  void namesEveryNatOfTheSimulatedInternet() {
    Run run = Run.of("demo", "--simulated");
    assertEquals(0, run.exitCode(), run.out() + run.err());
    assertTrue(run.out().contains("10 of 10 simulated NATs"), run.out());
    Run json = Run.of("demo", "--simulated", "-o", "json");
    assertTrue(json.out().contains("\"backend\":\"simulated\""), json.out());
    assertFalse(json.out().contains("\"right\":false"), json.out());
    assertTrue(json.out().contains("\"first\":\"relayed\""), json.out());
    assertTrue(json.out().contains("\"plan\":\"double-prediction\""), json.out());
    assertTrue(json.out().contains("\"survived\":true"), json.out());
  }

  private static DemoStory story(String lost) {
    Map<String, String> before =
        Map.of(
            "outcome", "direct",
            "first", "relayed",
            "plan", "double-prediction",
            "firstByteMillis", "412",
            "directMillis", "1234");
    Map<String, String> after =
        Map.of(
            "outcome", "direct",
            "lost", lost,
            "doubled", "0",
            "damaged", "0",
            "peer.lost", "0",
            "peer.doubled", "0",
            "peer.damaged", "0",
            "gap", "900",
            "peer.gap", "1500");
    return new DemoStory(before, after);
  }

  @Test
  void aStreamThatLostSomethingHasNotSurvived() {
    assertTrue(story("0").isRight());
    assertTrue(story("7").isDirect());
    assertFalse(story("7").isRight());
    assertFalse(new DemoStory(Map.of(), Map.of()).isConnected());
  }

  @Test
  void aWrongAnswerIsShownAsSuch() {
    Map<String, String> fields =
        Map.of(
            "udp", "open",
            "ipv4.nat", "true",
            "ipv4.layers", "1",
            "ipv4.mapping", "endpoint-independent",
            "ipv4.filtering", "endpoint-independent");
    DemoResult wrong =
        new DemoResult(Profile.parse("prc"), Traits.found(fields), "good", Duration.ofMillis(1234));
    DemoResult right =
        new DemoResult(Profile.parse("full"), Traits.found(fields), "good", Duration.ofMillis(987));
    DemoView view =
        new DemoView(Optional.empty(), List.of(wrong, right), story("7"), Duration.ofMillis(2500));
    assertFalse(view.isAllRight());
    Golden.check("demo.txt", Run.show(view, false));
  }

  @Test
  void theHardestRouterOnTheWayDecides() {
    Traits truth = Traits.of(Profile.parse("eim/adf/random@apdm/apdf/random"));
    assertEquals("address-and-port-dependent", truth.mapping());
    assertEquals("address-and-port-dependent", truth.filtering());
    assertEquals("2", truth.layers());
    assertEquals("false", Traits.of(Profile.parse("open")).nat());
    assertEquals("blocked", Traits.of(Profile.parse("blocked")).udp());
  }

  @Test
  void unknownIsNeverRight() {
    Traits truth = Traits.of(Profile.parse("prc"));
    assertFalse(Traits.found(Map.of()).isRightFor(truth));
    assertFalse(Traits.found(Map.of("udp", "open", "ipv4.nat", "true")).isRightFor(truth));
  }
}
