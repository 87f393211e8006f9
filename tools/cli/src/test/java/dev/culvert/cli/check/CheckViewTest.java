package dev.culvert.cli.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.cli.ExitCode;
import dev.culvert.cli.Golden;
import dev.culvert.cli.Run;
import dev.culvert.detect.NatReport;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CheckViewTest {

  @ParameterizedTest
  @CsvSource({
    "home.txt,--color=never",
    "home.json,-o json",
    "home.yaml,-o yaml",
    "home-redacted.txt,--redact",
    "home-redacted.json,--redact -o json"
  })
  void aHomeNatLooksAsItShould(String name, String options) {
    Golden.check(
        "check-" + name, Run.show(CheckView.of(Reports.home()), false, options.split(" ", -1)));
  }

  @Test
  void blockedUdpLooksAsItShould() {
    CheckView blocked = CheckView.of(Reports.blocked());
    Golden.check("check-blocked.txt", Run.show(blocked, false));
  }

  @Test
  void blockedUdpLooksAsItShouldAsJson() {
    CheckView blocked = CheckView.of(Reports.blocked());
    Golden.check("check-blocked.json", Run.show(blocked, false, "-o", "json"));
  }

  @Test
  void aTerminalGetsColourAndTheSameWords() {
    String colored = Run.show(CheckView.of(Reports.home()), true);
    assertTrue(colored.contains("\u001b[32m"), colored);
    Golden.check("check-home.txt", colored.replaceAll("\u001b\\[\\d+m", ""));
  }

  @Test
  void colourCanBeForcedAndForbidden() {
    assertTrue(Run.show(CheckView.of(Reports.home()), false, "--color=ALWAYS").contains("\u001b["));
    assertFalse(Run.show(CheckView.of(Reports.home()), true, "--color=NEVER").contains("\u001b["));
  }

  @Test
  void exitCodesFollowTheVerdict() {
    assertEquals(ExitCode.OK, CheckView.of(Reports.home()).exitCode());
    assertEquals(ExitCode.NO_NETWORK, CheckView.of(Reports.blocked()).exitCode());
    assertEquals(ExitCode.NO_NETWORK, CheckView.of(Reports.offline()).exitCode());
  }

  @Test
  void aRedactedReportHoldsNoAddress() {
    for (NatReport report : new NatReport[] {Reports.home(), Reports.blocked()}) {
      for (String format : new String[] {"text", "json", "yaml"}) {
        String shown =
            Run.show(
                CheckView.of(report), false, "--redact", "-o", format.toUpperCase(Locale.ROOT));
        assertFalse(shown.matches("(?s).*\\d+\\.\\d+\\.\\d+\\.\\d+.*"), shown);
        assertFalse(shown.contains("2001:"), shown);
      }
    }
  }
}
