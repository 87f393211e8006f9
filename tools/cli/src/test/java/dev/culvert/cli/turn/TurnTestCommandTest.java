package dev.culvert.cli.turn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.cli.Fault;
import dev.culvert.cli.Run;
import dev.culvert.stun.StunUri;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TurnTestCommandTest {

  private static List<String> ways(String written, String... chosen) {
    return RelayTarget.parse(written, List.of(chosen)).ways().stream()
        .map(StunUri::toString)
        .toList();
  }

  @Test
  void aUriIsOneWayAndAHostIsAll() {
    assertEquals(List.of("turn:a.example"), ways("turn:a.example"));
    assertEquals(
        List.of("turns:a.example:443?transport=udp"), ways("turns:a.example:443?transport=udp"));
    assertEquals(
        List.of(
            "turn:a.example:99",
            "turn:a.example:99?transport=tcp",
            "turns:a.example",
            "turns:a.example?transport=udp"),
        ways("a.example:99"));
    assertEquals(List.of("turns:a.example:443"), ways("a.example:443", "tls"));
    assertEquals(List.of("turn:[2001:db8::1]:99"), ways("[2001:db8::1]:99", "udp"));
    assertTrue(RelayTarget.parse("turn:a.example", List.of()).demanded());
    assertTrue(RelayTarget.parse("a.example", List.of("udp")).demanded());
    assertFalse(RelayTarget.parse("a.example", List.of()).demanded());
  }

  @ParameterizedTest
  @CsvSource({
    "me:pass, me, NAMED",
    "me:pa:ss, me, NAMED",
    "1900000000:me:qOrUFAJ3Ux8Lzs4HnWCJWJFMzu8=, 1900000000:me, TIME_LIMITED",
    "1900000000:qOrUFAJ3Ux8Lzs4HnWCJWJFMzu8=, 1900000000, TIME_LIMITED",
    "me:1900000000:qOrUFAJ3Ux8Lzs4HnWCJWJFMzu8=, me:1900000000, TURNED_ROUND",
    "1900000000123:me:qOrUFAJ3Ux8Lzs4HnWCJWJFMzu8=, 1900000000123:me, MILLISECONDS"
  })
  void aNameMayHoldColonsIfASecretMadeThePassword(String given, String name, RelayUser.Kind kind) {
    RelayUser user = UserOptions.parse("--user", given);
    assertEquals(name, user.credential().username());
    assertEquals(kind, user.kind());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "turn:127.0.0.1|there are no credentials; give --user NAME:PASSWORD or --secret-file",
        "turn:127.0.0.1 --user me|--user holds no name and password; write NAME:PASSWORD",
        "turn:127.0.0.1 --user me:hidden --secret x|are both given",
        "stun:127.0.0.1 --secret x|names a STUN server; culvert stun tests it",
        "turn://127.0.0.1 --secret x|without //",
        "turn:a..b --secret x|no DNS name",
        "127.0.0.1:0 --secret x|which is no port",
        "turn:127.0.0.1 --transport tcp --secret x|says the transport already",
        "127.0.0.1 --transport smoke --secret x|choose from udp, tcp, tls, dtls",
        "turn:127.0.0.1 --secret x --peer there|write auto, relay, own or ADDRESS:PORT",
        "turn:127.0.0.1 --secret x --count 0|--count 0 is out of range; give 1 to 10000",
        "turn:127.0.0.1 --secret x --size 9001|give 12 to 9000 bytes",
        "turn:127.0.0.1 --secret x --interval 1h|give 1ms to 10s",
        "turn:127.0.0.1 --secret x --throughput 31s|at most 30s",
        "turn:127.0.0.1 --secret x --relayed ipv5|choose from ipv4, ipv6",
        "turn:127.0.0.1 --secret x --probe zabbix|choose prometheus or nagios",
        "turn:127.0.0.1 --secret x --pin x|is no pin"
      })
  void faultsAreNamedWithTheirMend(String given, String words) {
    Run run = Run.of(("turn test " + given).split(" "));
    assertEquals(2, run.exitCode(), run.err());
    assertTrue(run.err().contains(words), run.err());
    assertEquals(1, run.err().lines().count(), run.err());
    assertFalse(run.err().contains("hidden"), run.err());
  }

  @Test
  void theEnvironmentIsReadAndItsPasswordNotShown() {
    Run run =
        Run.in(Map.of("CULVERT_TURN_USER", "hidden"), false, "turn", "test", "turn:127.0.0.1");
    assertEquals(2, run.exitCode());
    assertTrue(run.err().contains("CULVERT_TURN_USER holds no name and password"), run.err());
    assertFalse(run.err().contains("hidden"), run.err());
  }

  @Test
  void aPluginTellsOfFaultsOnItsLine() {
    Run run = Run.of("turn", "test", "turn:127.0.0.1", "--probe=nagios");
    assertEquals(3, run.exitCode());
    assertTrue(run.out().startsWith("TURN UNKNOWN - there are no credentials; "), run.out());
    Run threshold =
        Run.of("turn", "test", "turn:127.0.0.1", "--secret=x", "--probe=nagios", "--warning=x");
    assertEquals(3, threshold.exitCode());
    assertTrue(threshold.out().contains("write TIME,LOSS%"), threshold.out());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "5", "1%,2%,x", "101.1.1%", "-1%"})
  void thresholdsAreTimesAndShares(String text) {
    if (text.equals("5")) {
      assertEquals(5, Threshold.parse("--warning", text).trip().orElseThrow().toSeconds());
    } else {
      assertThrows(Fault.class, () -> Threshold.parse("--warning", text));
    }
  }
}
