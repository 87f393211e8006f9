package dev.culvert.cli.lab.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.cli.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Scenario files in the simulator, without privileges. */
class LabRunCommandTest {
  private static final String GOOD =
      """
      scenario a phone meets a laptop
      server s1 addresses 2
      home a sym
      home b arc
      start s1 node
      run a reach b
      expect a outcome direct
      run b check -4
      expect b ipv4.filtering address-dependent
      """;

  @TempDir private Path folder;

  private Path write(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  private Run run(Object... more) {
    List<String> line = new ArrayList<>(List.of("lab", "run", "--world", "sim"));
    for (Object word : more) {
      line.add(word.toString());
    }
    return Run.of(line.toArray(String[]::new));
  }

  @Test
  void tellsWhatPassed() throws IOException {
    Run run = run(write("good.scenario", GOOD));
    assertEquals(0, run.exitCode(), run.out() + run.err());
    assertTrue(run.out().contains("1 passed, 0 failed."), run.out());
    assertTrue(run.err().contains("good.scenario (sim): run a reach b"), run.err());
  }

  @Test
  void aFailedExpectationNamesItsLineAndHowToRepeatIt() throws IOException {
    Path file = write("bad.scenario", GOOD.replace("outcome direct", "outcome unreachable"));
    Run run = run(file, "--seed", "42", "-q");
    assertEquals(1, run.exitCode(), run.out());
    assertTrue(run.out().contains("bad.scenario:7: expect a outcome unreachable"), run.out());
    assertTrue(
        run.out().contains("again: culvert lab run " + file + " --world sim --seed 42"), run.out());
    assertTrue(run.out().contains("0 passed, 1 failed."), run.out());
  }

  @Test
  void aFaultInTheTextIsToldWithLineAndColumnBeforeAnythingRuns() throws IOException {
    write("1.scenario", GOOD);
    write("2.scenario", GOOD.replace("home b arc", "home b acr"));
    write("3.scenario", GOOD.replace("run a reach b", "run a raech b"));
    Run run = run(folder);
    assertEquals(2, run.exitCode(), run.out());
    assertEquals("", run.out());
    assertTrue(run.err().contains("2.scenario:4:8: "), run.err());
    Run verb = run(folder.resolve("3.scenario"));
    assertEquals(2, verb.exitCode(), verb.out());
    assertTrue(verb.err().contains("3.scenario:6:7: "), verb.err());
    assertTrue(verb.err().contains("reach"), verb.err());
  }

  @Test
  void jsonTellsEveryStep() throws IOException {
    write("a.scenario", GOOD);
    Run run = run(folder, "-o", "json", "-q");
    assertEquals(0, run.exitCode(), run.out());
    assertTrue(run.out().startsWith("{\"schema\":\"culvert.lab-run/1\",\"passed\":1"), run.out());
    assertTrue(run.out().contains("\"line\":6,\"text\":\"run a reach b\""), run.out());
  }

  @Test
  void verboseTellsStepsAndPackets() throws IOException {
    Run run = run(write("good.scenario", GOOD), "-v");
    assertEquals(0, run.exitCode(), run.err());
    assertTrue(run.err().contains("line 6 (sim): run a reach b"), run.err());
    assertTrue(run.err().contains("  | direct after "), run.err());
    assertTrue(run.err().contains("s1: UDP "), run.err());
  }

  @Test
  void capturesEveryHost() throws IOException {
    Path captures = folder.resolve("captures/of today");
    Run run = run(write("good.scenario", GOOD), "--pcap", captures, "-q");
    assertEquals(0, run.exitCode(), run.err());
    for (String host : List.of("a", "b", "s1", "a-nat")) {
      Path pcap = captures.resolve("good.sim." + host + ".pcap");
      assertTrue(Files.size(pcap) > 24 + 16 + 28, pcap + " holds packets");
    }
  }

  @Test
  void badInputGetsOneLine() throws IOException {
    for (Run run :
        List.of(run(folder), run(folder.resolve("no.scenario")), run("--world", "moon", folder))) {
      assertEquals(2, run.exitCode(), run.err());
      assertEquals(1, run.err().lines().count(), run.err());
    }
  }
}
