package dev.culvert.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class ManualTest {

  @Test
  void everyCommandHasAPageWithItsExitCodes(@TempDir Path folder) throws IOException {
    Manual.write(folder.resolve("manual"), folder.resolve("completion"));
    for (String page :
        List.of(
            "culvert",
            "culvert-check",
            "culvert-listen",
            "culvert-connect",
            "culvert-ping",
            "culvert-perf",
            "culvert-punch",
            "culvert-servers-check",
            "culvert-stun",
            "culvert-turn-test",
            "culvert-turn-cred")) {
      String text = Files.readString(folder.resolve("manual").resolve(page + ".adoc"));
      assertTrue(text.contains("Exit codes") || text.contains("Exit Codes"), page);
      assertTrue(text.contains("130"), page + " tells nothing of Ctrl-C");
    }
    assertFalse(Files.exists(folder.resolve("manual/culvert-warm-up.adoc")), "it is hidden");
    String script = Files.readString(folder.resolve("completion/culvert.bash"));
    assertTrue(script.contains("--longest-silence"), "options of check are completed");
    assertEquals(Run.of("completion").out().strip(), script.strip());
  }

  @Test
  void everyCommandAndOptionIsDescribed() {
    described(Manual.tree());
  }

  private static void described(CommandLine command) {
    String name = command.getCommandSpec().qualifiedName();
    assertTrue(command.getCommandSpec().usageMessage().header().length > 0, name);
    command
        .getCommandSpec()
        .options()
        .forEach(
            option -> assertTrue(option.description().length > 0, name + option.longestName()));
    command.getSubcommands().values().forEach(ManualTest::described);
  }
}
