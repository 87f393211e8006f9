package dev.culvert.cli.turn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.cli.ExitCode;
import dev.culvert.cli.Golden;
import dev.culvert.cli.Run;
import dev.culvert.cli.turn.NagiosLine.State;
import dev.culvert.cli.turn.Trouble.Cause;
import dev.culvert.cli.turn.WayResult.Outcome;
import dev.culvert.detect.IpFamily;
import dev.culvert.sansio.ServerIdentity;
import dev.culvert.stun.StunUri;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TurnTestViewTest {
  private static final WayResult UDP = passed("turn:relay.example", 12, 10, List.of());
  private static final WayResult TCP =
      passed(
          "turn:relay.example?transport=tcp",
          48,
          8,
          List.of("it asks for no credentials: anybody may relay through it"));
  private static final WayResult TLS =
      WayResult.fail(
          way("turns:relay.example", true),
          IpFamily.IPV4,
          Optional.of(RelayWorld.at("203.0.113.10", 5349)),
          new Trouble(Cause.CERTIFICATE, "its certificate is not trusted (a|b)", "renew it"));
  private static final WayResult NO_IPV6 =
      WayResult.skip(
          way("turn:relay.example", true),
          IpFamily.IPV6,
          Optional.empty(),
          new Trouble(Cause.NO_FAMILY, "the relay has no IPv6 address", ""));
  private static final List<WayResult> ALL = List.of(UDP, NO_IPV6, TCP, TLS);

  private static TestPlan.Way way(String uri, boolean demanded) {
    return new TestPlan.Way(
        StunUri.parse(uri), new ServerIdentity.HostName("relay.example"), demanded);
  }

  private static WayResult passed(String uri, int millis, int back, List<String> notes) {
    return new WayResult(
        way(uri, true),
        IpFamily.IPV4,
        Optional.of(IpFamily.IPV4),
        Outcome.PASS,
        Optional.of(RelayWorld.at("203.0.113.10", 3478)),
        Optional.of(
            new WayResult.Allocation(
                RelayWorld.at("203.0.113.10", 3478),
                RelayWorld.at("203.0.113.10", 50_000),
                RelayWorld.at("198.51.100.1", 40_000),
                Duration.ofMinutes(10),
                Duration.ofMillis(2L * millis),
                Optional.of("example.org"),
                Optional.of("culvert"))),
        Optional.of(
            new WayResult.Echo(
                "a second allocation",
                RelayWorld.at("203.0.113.10", 50_001),
                new EchoFigures(
                    10,
                    back,
                    10 - back,
                    0,
                    0,
                    Optional.of(Duration.ofMillis(millis - 2)),
                    Optional.of(Duration.ofMillis(millis)),
                    Optional.of(Duration.ofMillis(millis + 30))))),
        back < 10
            ? Optional.of(new Throughput(Duration.ofSeconds(2), 5000, 5_000_000))
            : Optional.empty(),
        Optional.empty(),
        notes);
  }

  @ParameterizedTest
  @CsvSource({
    "txt, false, ''",
    "json, true, '-o json --color never'",
    "yaml, false, -o yaml",
    "redacted.txt, false, --redact"
  })
  void textJsonAndYamlAreAsTheyWereReadAndFoundRight(
      String name, boolean terminal, String options) {
    String[] words = options.isEmpty() ? new String[0] : options.split(" ");
    Golden.check("turn-test." + name, Run.show(new TurnTestView(ALL), terminal, words));
  }

  @Test
  void prometheusReadsWhatWasReadAndFoundRight() {
    Optional<Instant> expiry = Optional.of(Instant.ofEpochSecond(1_900_000_000));
    String text = PrometheusText.of(ALL, false, expiry, Duration.ofSeconds(3));
    Golden.check("turn-test.prom", text + "\n");
  }

  @Test
  void whatMustWorkDecidesAndOtherwiseWhateverWorks() {
    assertEquals(ExitCode.NOT_AUTHORISED, new TurnTestView(ALL).exitCode());
    assertEquals(ExitCode.OK, new TurnTestView(List.of(UDP, NO_IPV6)).exitCode());
    assertEquals(ExitCode.NO_NETWORK, new TurnTestView(List.of(NO_IPV6)).exitCode());
    WayResult optional =
        WayResult.fail(
            way("turns:relay.example", false),
            IpFamily.IPV4,
            TLS.server(),
            TLS.trouble().orElseThrow());
    assertEquals(ExitCode.OK, new TurnTestView(List.of(UDP, optional)).exitCode());
    assertEquals(ExitCode.NOT_AUTHORISED, new TurnTestView(List.of(optional)).exitCode());
    assertEquals(State.WARNING, NagiosLine.of(List.of(UDP, optional), NONE, NONE).state());
  }

  private static final Threshold NONE = Threshold.NONE;

  @ParameterizedTest
  @CsvSource({
    "100ms, 1s, OK",
    "'20ms,30%', '100ms,50%', WARNING",
    "'1s,10%', 2s, WARNING",
    "1s, '2s,10%', CRITICAL",
    "10ms, 20ms, CRITICAL",
    "20%, 40%, OK"
  })
  void thresholdsAreForTheWorst(String warning, String critical, State state) {
    NagiosLine line =
        NagiosLine.of(
            List.of(UDP, TCP),
            Threshold.parse("--warning", warning),
            Threshold.parse("--critical", critical));
    assertEquals(state, line.state(), line.text());
    assertTrue(line.text().startsWith("TURN " + state + " - 2 of 2 ways relay"), line.text());
  }

  @Test
  void theNumbersOfAPluginBeginAtItsOnlyBar() {
    assertEquals(
        "TURN CRITICAL - 2 of 3 ways relay, round trip 48.0 ms, loss 20.0 %; tls IPv4: its"
            + " certificate is not trusted (a/b) | rtt=48.0ms;100.0;;0 loss=20.0%;5.0;;0;100"
            + " ways=2;;;0;3",
        NagiosLine.of(ALL, Threshold.parse("--warning", "100ms,5%"), NONE).text());
    assertEquals(State.UNKNOWN, NagiosLine.of(List.of(NO_IPV6), NONE, NONE).state());
  }
}
