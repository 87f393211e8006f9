package dev.culvert.cli.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.cli.Run;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LabCommandTest {

  @Test
  void listsTheProfiles() {
    Run run = Run.of("lab", "profiles");
    assertEquals(0, run.exitCode(), run.err());
    assertTrue(run.out().contains("port-restricted cone"), run.out());
    Run json = Run.of("lab", "profiles", "-o", "json");
    assertTrue(json.out().contains("\"name\":\"prc\""), json.out());
  }

  @ParameterizedTest
  @CsvSource({
    "up,has no host",
    "up --a nonsense,is no profile",
    "up --a prc --b same:z,no such host before it",
    "up --a prc --link z=delay:1ms,no host or router",
    "up --a prc --link a=delay:-1ms,is not a time",
    "up --a prc --link a=loss:2,not a share",
    "up --c,Missing required parameter",
    "up --nmae x,did you mean '--name'?",
    "exec --name no-such-lab a -- true,no lab 'no-such-lab' is up",
    "exec,Missing required parameter",
    "down --name no-such-lab,no lab 'no-such-lab' is up",
    "start,there is no command 'start'",
    "dwon,did you mean 'down'?",
    "'',which command?"
  })
  void badInputGetsOneLine(String line, String words) {
    Run run = Run.of(("lab " + line).strip().split(" ", -1));
    assertEquals(2, run.exitCode(), run.err());
    assertEquals("", run.out());
    assertEquals(1, run.err().lines().count(), run.err());
    assertTrue(run.err().contains(words), run.err());
  }
}
