package dev.culvert.cli.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.cli.Run;
import dev.culvert.cli.server.LoopbackServer;
import dev.culvert.cli.server.LoopbackServer.Manner;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The command over the loopback; behind NATs it is tried in the lab. */
class CheckCommandTest {

  /** It ends as soon as it knows; the first command of a process takes seconds where it is busy. */
  private static Run check(LoopbackServer server, String... more) {
    List<String> line = new ArrayList<>(List.of("check", "-4", "--deadline=60s", "--server"));
    line.add(server.address().toString());
    line.addAll(List.of(more));
    return Run.of(line.toArray(String[]::new));
  }

  @Test
  void withAnHonestServerOnTheLoopbackThereIsNoNat() {
    try (LoopbackServer server = new LoopbackServer(Manner.HONEST)) {
      Run run = check(server, "-o", "json");
      assertEquals(0, run.exitCode(), run.err() + run.out());
      assertTrue(run.out().startsWith("{\"schema\":\"culvert.check/1\",\"verdict\":{\"grade\":\""));
      assertTrue(run.out().contains("\"udp\":\"open\""), run.out());
      assertTrue(run.out().contains("\"nat\":false"), run.out());
      assertTrue(run.out().contains("\"ipv6\":null"), run.out());
      assertTrue(run.out().contains("\"rfc5780\":\"yes\""), run.out());
    }
  }

  @Test
  void aLiarIsNamedAndItsFilteringNotBelieved() {
    try (LoopbackServer server = new LoopbackServer(Manner.LIAR)) {
      Run run = check(server, "-o", "json");
      assertTrue(run.out().contains("\"rfc5780\":\"dishonest\""), run.out());
      assertTrue(run.out().contains("\"filtering\":\"unknown\""), run.out());
    }
  }

  @ParameterizedTest
  @CsvSource({"SILENT", "GARBAGE"})
  void aServerThatIsNoneIsInconclusiveAndNotBlocked(Manner manner) {
    try (LoopbackServer server = new LoopbackServer(manner)) {
      Run run = check(server);
      assertEquals(5, run.exitCode(), run.err() + run.out());
      assertTrue(run.out().startsWith("? Inconclusive"), run.out());
    }
  }

  @Test
  void anIpv6LiteralMayStandBare() {
    Run run = Run.of("check", "-6", "--server", "::1", "--deadline=600ms", "-o", "json");
    assertTrue(run.out().contains("\"address\":\"[::1]:3478\""), run.out() + run.err());
    assertTrue(run.out().contains("\"ipv4\":null"), run.out());
  }

  @ParameterizedTest
  @CsvSource({
    "--server=127.0.0.1:0,names port '0'",
    "--server=127.0.0.1:-5,names port '-5'",
    "--bind=203.0.113.77,is no address of this host",
    "--bind=nonsense,is no IP address",
    "--bind=0.0.0.0,is no address of this host",
    "--iface=no-such0,there is no interface 'no-such0'",
    "--gateway=nonsense,is no IP address",
    "--deadline=-3,is no duration",
    "--longest-silence=0,is no time at all",
    "--sever=127.0.0.1,did you mean '--server'?",
    "--bind=127.0.0.1 -6,names no IPv6 address",
    "surplus,does not know what to do with 'surplus'"
  })
  void badInputGetsOneLineThatNamesFaultAndMend(String options, String words) {
    Run run = Run.of(("check --server 127.0.0.1 " + options).split(" ", -1));
    assertEquals(2, run.exitCode(), run.err());
    assertEquals("", run.out());
    assertEquals(1, run.err().lines().count(), run.err());
    assertTrue(run.err().contains(words), run.err());
  }
}
