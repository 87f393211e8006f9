package dev.culvert.cli.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.culvert.cli.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The annotated example, which is the reference of the keys, tells what the options tell. {@code
 * -Dtest.argLine=-Dgolden.write=true} writes it anew.
 */
class NodeExampleTest {
  private static final Path EXAMPLE = Path.of("../../docs/node.yaml");

  @Test
  void tellsOfEveryKey() throws IOException {
    if (Boolean.getBoolean("golden.write")) {
      Files.writeString(EXAMPLE, NodeExample.text());
      fail(EXAMPLE + " was written; read it");
    }
    assertEquals(
        NodeExample.text(),
        Files.readString(EXAMPLE).replace("\r\n", "\n"),
        "run NodeExampleTest with -Dtest.argLine=-Dgolden.write=true once");
  }

  @Test
  void asItStandsAllDefaultsHold() {
    Run run = Run.of("node", "check-config", "-o", "json", "--config", EXAMPLE.toString());
    assertEquals(0, run.exitCode(), run.err());
    assertEquals("", run.err());
    assertTrue(!run.out().contains("\"from\":\"file\""), run.out());
  }

  @Test
  void whatItCallsADefaultIsOne(@TempDir Path folder) throws IOException {
    Map<String, String> literals = NodeExample.literals();
    assertTrue(literals.size() > 20, literals.toString());
    String text =
        literals.entrySet().stream()
            .map(entry -> entry.getKey() + ": " + entry.getValue() + "\n")
            .sorted()
            .collect(Collectors.joining());
    Path file = Files.writeString(folder.resolve("node.yaml"), text);
    Run run = Run.of("node", "check-config", "--config", file.toString());
    assertEquals(0, run.exitCode(), run.err());
    Run none = Run.of("node", "check-config");
    assertEquals(values(none), values(run).replace("-lifetime 1h", "-lifetime 3600s"));
  }

  private static String values(Run run) {
    return run.out()
        .lines()
        .map(line -> line.strip().split("\\s{2,}"))
        .filter(cells -> cells.length == 3)
        .map(cells -> cells[0] + " " + cells[1])
        .collect(Collectors.joining("\n"));
  }
}
