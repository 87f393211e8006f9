package dev.culvert.cli.turn;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.cli.Culvert;
import dev.culvert.cli.Run;
import dev.culvert.sansio.IpLiterals;
import dev.culvert.turn.auth.TimeLimitedUsers;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.DatagramSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Relays as operators start and test them, over the loopback. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TurnTestProcessTest {
  private static final List<String> PATIENCE = List.of("--deadline=60s", "--timeout=5m");

  private final List<Process> relays = new CopyOnWriteArrayList<>();
  private String ready = "";
  private String strict = "";

  @BeforeAll
  void begin() throws IOException {
    ready = relay("--allow-peer=127.0.0.0/8");
    strict = relay("--deny-peer=192.0.2.0/24");
  }

  @AfterAll
  void end() {
    relays.forEach(Process::destroyForcibly);
  }

  private String relay(String more) throws IOException {
    Process relay =
        culvert(
            "node",
            "--listen=127.0.0.1:0",
            "--tls-listen=127.0.0.1:0",
            "--dtls-listen=127.0.0.1:0",
            "--threads=1",
            "--relay",
            "--auth-secret=north",
            "--user=me:you",
            more);
    relays.add(relay);
    return line(relay.getInputStream(), "^ready ");
  }

  private static Process culvert(String... words) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                ProcessHandle.current().info().command().orElseThrow(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Culvert.class.getName()));
    command.addAll(List.of(words));
    return new ProcessBuilder(command).start();
  }

  private static String line(InputStream stream, String pattern) throws IOException {
    BufferedReader lines = new BufferedReader(new InputStreamReader(stream, UTF_8));
    List<String> read = new ArrayList<>();
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      if (Pattern.compile(pattern).matcher(line).find()) {
        return line;
      }
      read.add(line);
    }
    throw new AssertionError("no " + pattern + " in " + read);
  }

  private static String uri(String ready, String transport) {
    Matcher matcher = Pattern.compile(" " + transport + "=(127\\.0\\.0\\.1:\\d+)").matcher(ready);
    assertTrue(matcher.find(), ready);
    String at = matcher.group(1);
    return switch (transport) {
      case "udp" -> "turn:" + at;
      case "tcp" -> "turn:" + at + "?transport=tcp";
      case "tls" -> "turns:" + at;
      default -> "turns:" + at + "?transport=udp";
    };
  }

  private static String pin(String ready) {
    Matcher matcher = Pattern.compile(" pin=(\\S+)").matcher(ready);
    assertTrue(matcher.find(), ready);
    return matcher.group(1);
  }

  private static Run test(String... words) {
    List<String> all = new ArrayList<>(List.of("turn", "test"));
    all.addAll(List.of(words));
    all.addAll(PATIENCE);
    return Run.of(all.toArray(new String[0]));
  }

  @ParameterizedTest
  @ValueSource(strings = {"udp", "tcp", "tls", "dtls"})
  void datagramsGoThroughOverEachTransport(String transport) {
    Run run =
        test(
            uri(ready, transport), "--secret=north", "--pin=" + pin(ready), "-ojson", "--size=900");
    assertEquals(0, run.exitCode(), run.out() + run.err());
    assertTrue(
        run.out()
            .matches(
                "(?s).*\"transport\":\""
                    + transport
                    + "\".*\"result\":\"pass\".*\"realm\":\"culvert\".*\"sent\":10,\"back\":10,"
                    + "\"lossPercent\":0.0,\"reordered\":0,\"duplicates\":0,\"altered\":0,.*"),
        run.out());
  }

  @Test
  void aHostAloneIsTriedInEveryWay() {
    String host = uri(ready, "udp").substring("turn:".length());
    Run run = test(host, "--user=me:you", "--relayed=ipv4");
    assertEquals(0, run.exitCode(), run.out() + run.err());
    List<String> lines = run.out().lines().toList();
    assertTrue(lines.get(0).matches("✓ udp +IPv4 .*pass.*"), run.out());
    assertTrue(lines.get(1).matches("✓ tcp +IPv4 .*pass.*"), run.out());
    assertTrue(lines.get(2).matches("✗ tls +IPv4 .*fail.*"), run.out());
    assertTrue(lines.get(3).matches("✗ dtls +IPv4 .*fail.*"), run.out());
  }

  @Test
  void theFirst401IsNormalAndToldToThoseWhoWatch() throws Exception {
    Process watching =
        culvert("turn", "test", uri(ready, "udp"), "--user=me:you", "-v", "--deadline=60s");
    String err = new String(watching.getErrorStream().readAllBytes(), UTF_8);
    String out = new String(watching.getInputStream().readAllBytes(), UTF_8);
    assertTrue(watching.waitFor(60, TimeUnit.SECONDS));
    assertEquals(0, watching.exitValue(), out + err);
    assertTrue(err.contains("realm 'culvert', which is its normal first answer"), err);
    // Ports may have these digits.
    assertFalse(out.matches("(?s).*(?<![0-9.:])401(?![0-9.]).*"), out);
  }

  @Test
  void wrongCredentialsAreExplained() {
    Run secret = test(uri(ready, "tcp"), "--secret=south");
    assertEquals(7, secret.exitCode(), secret.out());
    assertTrue(secret.out().contains("the secret is not the relay's"), secret.out());
    String expired = "1600000000:me";
    Run late =
        test(
            uri(ready, "udp"),
            "--user=" + expired + ":" + TimeLimitedUsers.password("north", expired));
    assertEquals(7, late.exitCode(), late.out());
    assertTrue(late.out().contains("days ago by this machine's clock (2020-09-13"), late.out());
    Run password = test(uri(ready, "udp"), "--user=me:hidden");
    assertEquals(7, password.exitCode(), password.out());
    assertTrue(password.out().contains("or the password is wrong"), password.out());
    assertFalse((password.out() + password.err()).contains("hidden"), password.out());
  }

  @Test
  void aCertificateThatNobodyVouchesForIsNamedWithItsPin() {
    Run run = test(uri(ready, "tls"), "--user=me:you");
    assertEquals(7, run.exitCode(), run.out());
    assertTrue(run.out().contains("self-signed as CN="), run.out());
    assertTrue(run.out().contains("its key is " + pin(ready)), run.out());
  }

  @Test
  void anOwnSocketIsAPeerWhereTheRelayPermitsIt() {
    Run permitted = test(uri(ready, "tcp"), "--user=me:you", "--peer=own", "--relayed=ipv4");
    assertEquals(0, permitted.exitCode(), permitted.out());
    assertTrue(permitted.out().contains("0 of 10 lost, by an own socket"), permitted.out());
    Run refused = test(uri(strict, "udp"), "--user=me:you", "--peer=10.0.0.1:9");
    assertEquals(7, refused.exitCode(), refused.out());
    assertTrue(refused.out().contains("a relay that refuses those is right"), refused.out());
  }

  @Test
  void monitoringSystemsAreTold() {
    Run prometheus = test(uri(ready, "udp"), "--user=me:you", "--probe=prometheus");
    assertEquals(0, prometheus.exitCode(), prometheus.out());
    assertTrue(
        prometheus.out().contains("transport=\"udp\",family=\"ipv4\",relayed_family=\"ipv4\"} 1\n"),
        prometheus.out());
    Run nagios = test(uri(ready, "udp"), "--user=me:you", "--probe=nagios", "--critical=1m,50%");
    assertEquals(0, nagios.exitCode(), nagios.out());
    assertTrue(nagios.out().startsWith("TURN OK - 1 of 1 ways relay, round trip "), nagios.out());
    Run critical = test(uri(ready, "udp"), "--user=me:no", "--probe=nagios");
    assertEquals(2, critical.exitCode(), critical.out());
  }

  @Test
  void throughputIsMeasuredWhereItIsAskedFor() {
    Run run =
        test(uri(ready, "udp"), "--user=me:you", "--throughput=300ms", "--relayed=4", "-ojson");
    assertEquals(0, run.exitCode(), run.out());
    assertTrue(run.out().matches("(?s).*\"bitsPerSecond\":[1-9][0-9]{4,}.*"), run.out());
  }

  /** The relay has two allocations in all: those of who was stopped must be free again. */
  @Test
  void whoeverIsStoppedGivesEverythingBack() throws Exception {
    String small = relay("--limit-allocations=2");
    Process stopped =
        culvert(
            "turn",
            "test",
            uri(small, "udp"),
            "--secret=north",
            "--count=10000",
            "-v",
            "-4",
            "--deadline=60s");
    line(stopped.getErrorStream(), "the peer is a second allocation");
    stopped.destroy();
    assertTrue(stopped.waitFor(60, TimeUnit.SECONDS));
    Run run = test(uri(small, "udp"), "--secret=north", "--peer=relay", "--relayed=4");
    assertEquals(0, run.exitCode(), run.out() + run.err());
  }

  @Test
  void aSilentPortIsToldWithinTheDeadline() throws IOException {
    try (DatagramSocket silent =
        new DatagramSocket(0, IpLiterals.parse("127.0.0.1").orElseThrow())) {
      Run run =
          Run.of(
              "turn",
              "test",
              "turn:127.0.0.1:" + silent.getLocalPort(),
              "--user=me:you",
              "--deadline=300ms");
      assertEquals(8, run.exitCode(), run.out());
      assertTrue(run.out().contains("no answer over UDP port"), run.out());
    }
  }
}
