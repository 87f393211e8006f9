package dev.culvert.lab.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.lab.LabException;
import dev.culvert.lab.scenario.ScenarioResult.Outcome;
import dev.culvert.lab.world.LabWorld;
import dev.culvert.lab.world.WorldKind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScenarioRunnerTest {
  @TempDir private Path directory;

  private static ScenarioResult run(String... lines) throws Exception {
    return run(ScenarioListener.NONE, lines);
  }

  private static ScenarioResult run(ScenarioListener listener, String... lines) throws Exception {
    Scenario scenario = ScenarioParser.parse("x.scenario", String.join("\n", lines));
    return ScenarioRunner.run(scenario, WorldKind.SIM, List.of(new Teller()), listener);
  }

  @Test
  void passesWhatComesOutAsItMust() throws Exception {
    ScenarioResult result =
        run(
            "home a prc",
            "start s1 tell stay",
            "run a tell after=3 colour=green",
            "expect a colour green",
            "stop s1 tell",
            "wait 2s");
    assertEquals(List.of(), result.failures());
    assertEquals(Outcome.PASSED, result.outcome());
    assertTrue(result.rerun().isEmpty());
    assertEquals(Duration.ofSeconds(5), result.time());
    assertEquals(Duration.ofSeconds(3), result.steps().get(1).time());
  }

  /** No longer than it has to, and not at all for a verb that has ended. */
  @Test
  void waitsForAnExpectation() throws Exception {
    ScenarioResult result =
        run(
            "home a prc",
            "start a tell stay change=4",
            "expect a changed false within 1h",
            "expect a changed true within 1h",
            "stop a",
            "expect a exit 1 within 1h");
    assertEquals(List.of("0", "4", "0"), seconds(result, 2, 3, 5));
    assertEquals(1, result.failures().size());
  }

  private static List<String> seconds(ScenarioResult result, int... steps) {
    return Arrays.stream(steps)
        .mapToObj(step -> String.valueOf(result.steps().get(step - 1).time().toSeconds()))
        .toList();
  }

  /** A slash between spaces stands for the end of a line in these. */
  @ParameterizedTest
  @CsvSource(
      delimiterString = " => ",
      quoteCharacter = '~',
      value = {
        "run a tell c=1 / expect a c 2 => 3: expect a c 2: expected 2, found 1",
        "run a tell c=1 / expect a c not 1|3 => 3: expect a c not 1|3: expected anything but 1 or 3,"
            + " found 1",
        "run a tell c=9 / expect a c 1..5 => 3: expect a c 1..5: expected 1 to 5, found 9",
        "run a tell c=x / expect a c 1..5 => 3: expect a c 1..5: expected 1 to 5, found x",
        "run a tell c=5 / expect a c < 5 => 3: expect a c < 5: expected < 5, found 5",
        "run a tell c=x*z / expect a c \"x*y\" => 3: expect a c \"x*y\": expected \"x*y\", found x*z",
        "run a tell c=abc / expect a c contains d => 3: expect a c contains d: expected something with"
            + " \"d\", found abc",
        "run a tell c=1 / expect a c as before => 3: expect a c as before: expected something before,"
            + " found 1",
        "run a tell c=1 / run a tell c=1 / expect a c not as before => 4: expect a c not as before:"
            + " expected anything but 1 as before, found 1",
        "run a tell c=1 / expect a c {a}:* => 3: expect a c {a}:*: expected 192.168.1.2:*, found 1",
        "run a tell c=1 / expect a c {a.ipv6} => 3: expect a c {a.ipv6}: expected"
            + " [2001:db8:0:1::2], found 1",
        "run a tell colour=1 / expect a color 1 => 3: expect a color 1: the last verb on a has no"
            + " field color; did you mean colour?",
        "run a tell exit=3 / expect a exit 0 => 3: expect a exit 0: expected 0, found 3",
        "start a tell stay / expect a exit 0 => 3: expect a exit 0: the last verb on a is still"
            + " running",
        "start a tell stay change=9 / expect a changed true within 8s => 3: expect a changed true"
            + " within 8s: expected true within 8 s, found false",
        "run a tell c=1 / expect a c 2 within 1h => 3: expect a c 2 within 1h: expected 2 within"
            + " 3600 s, found 1",
        "expect a exit 0 => 2: expect a exit 0: nothing was run on a so far",
        "run a tell x => 2: run a tell x: tell does not take 'x'",
        "run a tell after=9 within 8s => 2: run a tell after=9 within 8s: tell on a was not done within"
            + " 8 s@told 1",
        "start a tell after=9 stay within 500ms => 2: start a tell after=9 stay within 500ms: tell on a"
            + " was not ready within 500 ms@told 2",
        "start a tell exit=2 => 2: start a tell exit=2: tell on a ended at once, exit 2@told 1",
        "stop a => 2: stop a: nothing runs on a",
        "start a tell stay / stop a node => 3: stop a node: no node runs on a",
      })
  void saysLineExpectedAndFound(String text, String failure) throws Exception {
    ScenarioResult result = run(("home a prc / " + text).split(" / "));
    assertEquals(Outcome.FAILED, result.outcome());
    assertEquals(List.of("x.scenario:" + failure.replace("@", "\n")), result.failures());
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '~',
      value = {
        "5, 5",
        "5, 1|5",
        "5, 5..5",
        "5, >= 5",
        "4.5, < 5",
        "abc, a*c",
        "a|b, \"a|b\"",
        "abc, contains b",
        "5, not 6",
        "null, not 1..3",
        "192.168.1.2, {a}",
        "-3, -4..-2",
      })
  void holds(String value, String condition) throws Exception {
    ScenarioResult result = run("home a prc", "run a tell c=" + value, "expect a c " + condition);
    assertEquals(List.of(), result.failures());
  }

  @Test
  void goesOnAfterAnExpectationAndLeavesTheRestOutAfterAnotherFailure() throws Exception {
    ScenarioResult result =
        run(
            "home a prc",
            "run a tell c=1",
            "expect a c 2",
            "expect a c 3",
            "stop a",
            "expect a c 4",
            "wait 1s");
    assertEquals(
        "PASSED FAILED FAILED FAILED SKIPPED SKIPPED",
        String.join(" ", result.steps().stream().map(step -> step.outcome().toString()).toList()));
    assertEquals(Duration.ZERO, result.time());
  }

  @Test
  void tellsHowToRepeatAFailure() throws Exception {
    ScenarioResult result = run("home a prc", "seed 12", "run a tell", "expect a exit 1");
    assertEquals("culvert lab run x.scenario --world sim --seed 12", result.rerun().orElseThrow());
  }

  @Test
  void knowsWhichVerbsThereAre() {
    ScenarioFault fault =
        assertThrows(ScenarioFault.class, () -> run("home a prc", "run a tel x", "run a talk"));
    assertEquals(
        "x.scenario:2:7: expected tell, found \"tel\"; did you mean tell?",
        fault.problems().get(0).toString());
    assertEquals(2, fault.problems().size());
  }

  @Test
  void cannotRunWhatIsForTheOtherWorld() throws Exception {
    ScenarioResult result = run("only kernel because it needs programs", "home a prc");
    assertEquals(Outcome.CANNOT, result.outcome());
    assertEquals(List.of("only kernel: it needs programs"), result.limits());
  }

  @Test
  void tellsItsListenerEverything() throws Exception {
    List<String> heard = new ArrayList<>();
    ScenarioListener listener =
        new ScenarioListener() {
          @Override
          public void began(Scenario scenario, LabWorld world) throws LabException {
            heard.add("up with " + world.addresses().getOrDefault("a", List.of()).size());
            world.capture("a", directory.resolve("mine.pcap"));
          }

          @Override
          public void began(Step step) {
            heard.add("begins " + step.text());
          }

          @Override
          public void said(Step step, String output) {
            heard.add("says " + output);
          }

          @Override
          public void ended(StepResult step) {
            heard.add(step.outcome() + " " + step.line());
          }

          @Override
          public void ended(ScenarioResult result) {
            heard.add("over " + result.passed());
          }

          @Override
          public Path captureDirectory() {
            return directory;
          }
        };
    run(listener, "home a prc", "capture a its.pcap", "run a tell", "stop a", "wait 1s");
    assertEquals(
        List.of(
            "up with 2",
            "begins capture a its.pcap",
            "PASSED 2",
            "begins run a tell",
            "says told 0",
            "PASSED 3",
            "begins stop a",
            "FAILED 4",
            "SKIPPED 5",
            "over false"),
        heard);
    assertTrue(Files.exists(directory.resolve("its.pcap")));
    assertTrue(Files.exists(directory.resolve("mine.pcap")));
  }
}
