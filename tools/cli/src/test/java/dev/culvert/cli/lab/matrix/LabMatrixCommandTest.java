package dev.culvert.cli.lab.matrix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.cli.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The matrix in the simulator: no privileges, and theory holds for every profile that has a name.
 */
class LabMatrixCommandTest {

  @Test
  void everyPairIsAsTheorySays() {
    Run run = Run.of("lab", "matrix", "-q", "--seed", "11");
    assertEquals(0, run.exitCode(), run.out());
    assertTrue(run.out().contains("120 of 120 as theory says; world sim, seed 11"), run.out());
    assertTrue(run.out().contains(" 15 cgn-hairpin  ✓"), run.out());
    assertEquals("", run.err());
  }

  @Test
  void everyPairReachesEachOtherThroughTheRelay() {
    Run run = Run.of("lab", "matrix", "relay", "-q", "--seed", "12");
    assertEquals(0, run.exitCode(), run.out());
    assertTrue(
        run.out().contains("120 relayed; 120 of 120 as theory says; world sim, seed 12"),
        run.out());
    assertTrue(run.out().contains("✓ relayed"), run.out());
    Run cell = Run.of("lab", "matrix", "relay", "-q", "-o", "json", "--pair", "blocked,sym");
    assertTrue(cell.out().contains("\"over\":\"tcp\""), cell.out());
    assertTrue(cell.out().contains("\"peer.over\":\"udp\""), cell.out());
    assertTrue(cell.out().contains("\"lost\":\"0\""), cell.out());
  }

  @Test
  void everyPairMeetsByIceDirectlyOrByTheRelay() {
    Run run = Run.of("lab", "matrix", "ice", "-q", "--seed", "13");
    assertEquals(0, run.exitCode(), run.out());
    assertTrue(
        run.out().contains("77 direct, 43 relayed; 120 of 120 as theory says; world sim, seed 13"),
        run.out());
    assertTrue(run.out().contains("✓ direct  ~ relayed  ✗ unreachable"), run.out());
  }

  @Test
  void peersConnectDirectlyWhereAPlanCanAndSayWhyNotElsewhere() {
    Run run = Run.of("lab", "matrix", "connect", "-q", "--profiles", "prc,symseq,sym");
    assertEquals(0, run.exitCode(), run.out());
    assertTrue(run.out().contains("4 direct, 2 relayed; 6 of 6 as theory says"), run.out());
    for (String wanted :
        new String[] {
          "✓ ice",
          "✓ prediction",
          "✓ double-prediction",
          "✓ birthday",
          "both sides draw random ports: sym × sym",
          "the other takes a new port for each that it tries: symseq × sym"
        }) {
      assertTrue(run.out().contains(wanted), wanted + " in " + run.out());
    }
    Run cell = Run.of("lab", "matrix", "connect", "-q", "-o", "json", "--pair", "prc,symseq");
    for (String wanted :
        new String[] {
          "\"first\":\"relayed\"",
          "\"plan\":\"prediction\"",
          "\"lost\":\"0\"",
          "\"doubled\":\"0\"",
          "\"firstByteMillis\":",
          "\"directMillis\":"
        }) {
      assertTrue(cell.out().contains(wanted), wanted + " in " + cell.out());
    }
  }

  @Test
  void everyCheckNamesItsNat() {
    Run run = Run.of("lab", "matrix", "check");
    assertEquals(0, run.exitCode(), run.out());
    assertTrue(run.out().contains("15 of 15 as theory says"), run.out());
    assertTrue(run.err().contains("15 of 15: "), "progress is told");
  }

  @Test
  void jsonTellsEachCell() {
    Run run = Run.of("lab", "matrix", "-q", "-o", "json", "--profiles", "prc,sym", "--seed", "3");
    assertEquals(0, run.exitCode(), run.out());
    for (String wanted :
        new String[] {
          "\"schema\":\"culvert.matrix/1\"",
          "\"outcomes\":{\"direct\":1,\"unreachable\":2}",
          "\"as-expected\":3",
          "\"a\":\"prc\",\"b\":\"sym\",\"outcome\":\"unreachable\",\"expected\":\"unreachable\"",
          "\"rerun\":\"culvert lab matrix reach --pair prc,sym --world sim --seed 3\""
        }) {
      assertTrue(run.out().contains(wanted), wanted + " in " + run.out());
    }
  }

  @Test
  void theSameSeedGivesTheSame() {
    String[] line = {"lab", "matrix", "-q", "-o", "json", "--pair", "arc,sym", "--seed", "5"};
    String first = Run.of(line).out().replaceAll("\"elapsedMillis\":\\d+}\\s*$", "");
    assertEquals(first, Run.of(line).out().replaceAll("\"elapsedMillis\":\\d+}\\s*$", ""));
    assertTrue(first.contains("\"outcome\":\"direct\""), first);
  }

  @Test
  void writesFilesBesideAndRedactsThemToo(@TempDir Path folder) throws IOException {
    Path junit = folder.resolve("j.xml");
    Path html = folder.resolve("h.html");
    Run run =
        Run.of(
            "lab",
            "matrix",
            "-q",
            "--redact",
            "--profiles=prc,open",
            "--junit=" + junit,
            "--html=" + html);
    assertEquals(0, run.exitCode(), run.out());
    assertTrue(Files.readString(junit).contains("<testsuite name=\"culvert.reach.sim\""));
    String page = Files.readString(html);
    assertTrue(page.contains("<article id=\"c-prc--open\""), page);
    assertFalse(page.contains("192.168.1.2"), "addresses are replaced");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "node|the matrix knows no verb 'node'",
        "--profiles nonsense|'nonsense' is no profile",
        "--pair prc|--pair names one cell",
        "check --pair prc,sym|--pair names one cell",
        "--world moon|'moon' is no world",
        "--profiles prc --html /nonexistent/x.html|cannot write /nonexistent/x.html"
      })
  void badInputGetsOneLine(String line, String words) {
    Run run = Run.of(("lab matrix -q " + line).split(" ", -1));
    assertEquals(2, run.exitCode(), run.err());
    assertEquals(1, run.err().lines().count(), run.err());
    assertTrue(run.err().contains(words), run.err());
  }
}
