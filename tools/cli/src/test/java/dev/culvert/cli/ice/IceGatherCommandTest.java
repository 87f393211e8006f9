package dev.culvert.cli.ice;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.cli.Run;
import dev.culvert.cli.lab.verb.JsonFields;
import dev.culvert.cli.server.LoopbackServer;
import dev.culvert.cli.server.LoopbackServer.Manner;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class IceGatherCommandTest {
  private static final String[] NOBODY = {
    "ice", "gather", "--address", "127.0.0.1", "--stun", "none"
  };

  @Test
  void aLineForEachCandidateWithWhatItIs() {
    Run run = Run.of(NOBODY);
    assertEquals(0, run.exitCode(), run.err());
    String line = run.out().lines().findFirst().orElse("");
    assertTrue(line.matches("✓ [0-9.]+ ms  host  udp  127\\.0\\.0\\.1:\\d+  \\d+  -"), line);
  }

  @Test
  void serversAreToldWithTheirTimeAndTheSilentOneWithItsReason() {
    try (LoopbackServer good = new LoopbackServer(Manner.PLAIN);
        LoopbackServer silent = new LoopbackServer(Manner.SILENT)) {
      Run run =
          Run.of(
              "ice",
              "gather",
              "--address",
              "127.0.0.1",
              "--deadline",
              "10s",
              "--stun",
              good.address().toString(),
              "--stun",
              silent.address().toString());
      assertEquals(0, run.exitCode(), run.err());
      List<String> lines = run.out().lines().map(String::stripTrailing).toList();
      assertTrue(
          lines.stream()
              .anyMatch(line -> line.matches("✓ " + good.address() + " *  answered in [0-9.]+ ms")),
          run.out());
      assertTrue(
          lines.stream()
              .anyMatch(
                  line -> line.matches("✗ " + silent.address() + " *  of no use: no answer.*")),
          run.out());
    }
  }

  @Test
  void theJsonHasTheSame() throws Exception {
    Run run = Run.of("-o", "json", "ice", "gather", "--address=127.0.0.1", "--stun=none");
    Map<String, String> fields = JsonFields.read(run.out());
    assertEquals("culvert.ice-gather/1", fields.get("schema"));
    assertEquals("prefer-direct", fields.get("policy"));
    assertTrue(run.out().contains("\"type\":\"host\""), run.out());
    assertTrue(run.out().contains("\"local\":\"127.0.0.1:"), run.out());
  }

  @Test
  void withRelaysAloneAllowedAndNoneThereNothingCanBeTold() {
    Run run = Run.of("ice", "gather", "--address=127.0.0.1", "--stun=none", "--policy=relay-only");
    assertEquals(4, run.exitCode(), run.err());
    assertTrue(run.out().contains("the policy leaves it out"), run.out());
  }

  @Test
  void faultsAreOneLineWithTheMend() {
    assertFault("--address nonsense", "is no IP address");
    assertFault("--address 192.0.2.77", "is no address of this host; choose from");
    assertFault("--interface nosuch0", "there is no interface 'nosuch0' that is up; choose from");
    assertFault("--turn turn:127.0.0.1", "there are no credentials; give --user");
    assertFault("--turn stun:127.0.0.1 --user a:b", "names a STUN server");
    assertFault("--turn 127.0.0.1 --user a:b", "such as turn:127.0.0.1");
    assertFault("--stun stuns:127.0.0.1", "asked over UDP");
    assertFault("--stun none --stun 127.0.0.1", "leave one of them out");
    assertFault("--policy fast", "'fast' is none of direct-only, prefer-direct, relay-only");
    assertFault("--deadline 5m --stun none", "give at most 2m");
  }

  private static void assertFault(String options, String words) {
    Run run = Run.of(("ice gather " + options).split(" ", -1));
    assertEquals(2, run.exitCode(), options);
    assertEquals("", run.out(), options);
    assertEquals(1, run.err().lines().count(), run.err());
    assertTrue(run.err().contains(words), run.err());
  }
}
