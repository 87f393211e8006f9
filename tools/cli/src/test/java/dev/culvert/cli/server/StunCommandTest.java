package dev.culvert.cli.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.cli.Run;
import dev.culvert.cli.server.LoopbackServer.Manner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StunCommandTest {
  /** It ends as soon as it knows; the first command of a process takes seconds where it is busy. */
  private static final String PATIENTLY = "--deadline=60s";

  private static Run stun(Manner manner, String... more) {
    try (LoopbackServer server = new LoopbackServer(manner)) {
      String[] args = new String[more.length + 4];
      args[0] = "stun";
      args[1] = server.address().toString();
      args[2] = "--transport=udp";
      args[3] = "-4";
      System.arraycopy(more, 0, args, 4, more.length);
      return Run.of(args);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "PLAIN,60s,0,no RFC 5780",
    "HONEST,60s,0,RFC 5780",
    "LIAR,60s,0,RFC 5780 dishonest",
    "REFUSER,60s,0,it refuses CHANGE-REQUEST",
    "DEAD_ALTERNATE,60s,0,its other address does not answer",
    "GARBAGE,5s,5,'something answers, but not STUN'",
    "CREDENTIALS,60s,7,it answers with error 401",
    "SILENT,900ms,8,no answer within 0.9 s"
  })
  void tellsWhatTheServerDoes(Manner manner, String deadline, int exitCode, String words) {
    Run run = stun(manner, "--deadline=" + deadline);
    assertEquals(exitCode, run.exitCode(), run.out() + run.err());
    assertTrue(run.out().contains(words), run.out());
    assertEquals(1, run.out().lines().count(), run.out());
    assertEquals("", run.err());
  }

  @Test
  void anHonestServerIsSaidToBeWholly() {
    Run run = stun(Manner.HONEST, "-o", "json", PATIENTLY);
    assertTrue(run.out().contains("\"rfc5780\":\"yes\""), run.out());
    assertTrue(run.out().contains("\"alternate\":\"127.0.0.2:"), run.out());
    assertTrue(run.out().contains("\"reflexive\":\"127.0.0.1:"), run.out());
    assertTrue(run.out().contains("\"software\":\"test server\""), run.out());
    assertTrue(run.out().startsWith("{\"schema\":\"culvert.stun/1\""), run.out());
  }

  @Test
  void nobodyListensIsToldApartFromSilence() {
    LoopbackServer gone = new LoopbackServer(Manner.PLAIN);
    gone.close();
    Run run = Run.of("stun", gone.address().toString(), "--transport=udp", "-4", PATIENTLY);
    assertEquals(4, run.exitCode(), run.out());
    assertTrue(run.out().contains("nobody listens there"), run.out());
  }

  @Test
  void aFamilyThatTheServerHasNotIsSkippedWithItsReason() {
    try (LoopbackServer server = new LoopbackServer(Manner.PLAIN)) {
      Run run = Run.of("stun", server.address().toString(), "--transport=udp", PATIENTLY);
      assertEquals(0, run.exitCode(), run.out());
      assertTrue(run.out().contains("the server has no IPv6 address"), run.out());
    }
  }

  @Test
  void redactionReachesTheTable() {
    Run run = stun(Manner.PLAIN, "--redact", PATIENTLY);
    assertTrue(run.out().contains("ipv4-loopback-1:"), run.out());
    assertTrue(!run.out().contains("127.0.0.1"), run.out());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "host:0",
        "host:65536",
        "host:-1",
        "host:abc",
        "[::1",
        "[::1]:0",
        "[192.0.2.1]:3478",
        "999.1.1.1",
        "bad host",
        "stun:",
        "stun:host:0",
        "stun:host?transport=udp",
        "turn:host",
        "https://host/",
        " "
      })
  void whatIsNoServerGetsOneLineThatNamesFaultAndMend(String server) {
    Run run = Run.of("stun", server);
    assertEquals(2, run.exitCode(), run.err());
    assertEquals("", run.out());
    assertEquals(1, run.err().lines().count(), run.err());
    assertTrue(run.err().contains("; "), run.err());
    assertTrue(run.err().contains("'" + server + "'") || server.isBlank(), run.err());
  }

  @Test
  void otherBadInputIsAUsageFaultToo(@TempDir Path folder) throws IOException {
    Path noPem = Files.writeString(folder.resolve("ca.pem"), "no certificate");
    for (String option :
        new String[] {
          "--pin=sha256:zz",
          "--transport=carrier-pigeon",
          "--deadline=-1",
          "--deadline=0",
          "--deadline=soon",
          "--ca=" + folder.resolve("missing.pem"),
          "--ca=" + noPem
        }) {
      Run run = Run.of("stun", "127.0.0.1", option);
      assertEquals(2, run.exitCode(), option + run.err());
      assertEquals(1, run.err().lines().count(), run.err());
    }
  }
}
