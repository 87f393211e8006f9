package dev.culvert.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CulvertTest {

  @Test
  void tellsItsVersion() {
    Run run = Run.of("--version");
    assertEquals(0, run.exitCode());
    assertTrue(run.out().matches("culvert \\d+\\.\\d+\\.\\d+\\S*\\R"), run.out());
    assertEquals("", run.err());
  }

  @ParameterizedTest
  @ValueSource(strings = {"-h", "--help"})
  void helpGoesToStandardOutput(String option) {
    Run run = Run.of(option);
    assertEquals(0, run.exitCode());
    assertTrue(run.out().contains("Usage: culvert"), run.out());
    assertTrue(run.out().contains("--redact"), run.out());
    assertEquals("", run.err());
  }

  @Test
  void anUnknownOptionIsAnsweredWithTheNearestInOneLine() {
    Run run = Run.of("--redcat");
    assertEquals(2, run.exitCode());
    assertEquals("", run.out());
    assertEquals(1, run.err().lines().count(), run.err());
    assertTrue(run.err().startsWith("culvert: there is no option '--redcat'"), run.err());
    assertTrue(run.err().contains("did you mean '--redact'?"), run.err());
  }

  @Test
  void noCommandAtAllIsAUsageFault() {
    Run run = Run.of();
    assertEquals(2, run.exitCode());
    assertEquals(1, run.err().lines().count(), run.err());
  }

  @Test
  void anUnknownFormatIsAUsageFaultThatNamesTheKnownOnes() {
    Run run = Run.of("-o", "xml");
    assertEquals(2, run.exitCode());
    assertTrue(run.err().contains("text, json, yaml"), run.err());
    assertEquals(1, run.err().lines().count(), run.err());
  }

  @Test
  void anUnknownCommandIsAnsweredWithTheNearest() {
    Run run = Run.of("complation");
    assertEquals(2, run.exitCode());
    assertTrue(run.err().contains("there is no command 'complation'"), run.err());
    assertTrue(run.err().contains("did you mean 'completion'?"), run.err());
  }

  @Test
  void commonOptionsStandBeforeOrAfterTheCommand() {
    Run before = Run.of("-q", "-o", "json", "completion");
    Run after = Run.of("completion", "-q", "-o", "json");
    assertEquals(0, before.exitCode(), before.err());
    assertEquals(before, after);
    assertTrue(before.out().contains("complete -F"), before.out());
  }
}
