package dev.culvert.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.culvert.cli.Culvert;
import dev.culvert.identity.CertificateSpec;
import dev.culvert.identity.Certificates;
import dev.culvert.identity.CertifiedKey;
import dev.culvert.identity.Keys;
import dev.culvert.identity.Pem;
import dev.culvert.lab.Lab;
import dev.culvert.lab.LabHost;
import dev.culvert.lab.LabProcess;
import dev.culvert.lab.spec.LabSpec;
import dev.culvert.sansio.IpLiterals;
import dev.culvert.turn.auth.TimeLimitedUsers;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * {@code culvert turn test} against a stranger's relay: coturn with a secret on s1, and with a user
 * on s2, which relays neither to itself nor to s1.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RelayTestTest {
  private static final Duration LIMIT = Duration.ofSeconds(90);

  @TempDir private static Path folder;

  private final SecureRandom random = new SecureRandom();
  private Lab lab;
  private CertifiedKey key;

  @BeforeAll
  void begin() throws Exception {
    lab =
        Lab.up(
            LabSpec.builder()
                .home("a", "open")
                .home("b", "prc")
                .home("c", "sym")
                .home("d", "blocked")
                .build());
    key =
        Certificates.selfMade(
            Keys.generateP256(random),
            new CertificateSpec(
                List.of("relay.test"),
                List.of(),
                Instant.now().minus(Duration.ofHours(1)),
                Instant.now().plus(Duration.ofHours(1)),
                false),
            random);
    String s1 = ip("s1");
    coturn(lab.host("s1"), "--use-auth-secret", "--static-auth-secret=north");
    coturn(
        lab.host("s2"),
        "--lt-cred-mech",
        "--user=lab:lab",
        "--denied-peer-ip=" + ip("s2"),
        "--denied-peer-ip=" + s1);
  }

  @AfterAll
  void end() throws Exception {
    lab.close();
  }

  private String ip(String host) {
    return IpLiterals.format(lab.host(host).firstIpv4().orElseThrow(), false);
  }

  /** It ends with the lab. */
  private void coturn(LabHost host, String... more) throws Exception {
    Path chain = readable(host.name() + ".pem", Pem.write(key.chain()));
    Path secret = readable(host.name() + ".key", Pem.write(key.privateKey()));
    List<String> command =
        new ArrayList<>(
            List.of(
                "turnserver",
                "-n",
                "--realm=lab.test",
                "--no-cli",
                "--cert=" + chain,
                "--pkey=" + secret,
                "--log-file=stdout",
                "--pidfile=/run/turnserver-" + host.name() + ".pid",
                "--userdb=/run/turndb-" + host.name()));
    command.addAll(List.of(more));
    for (InetAddress address : host.addresses()) {
      command.add("-L");
      command.add(IpLiterals.format(address, false));
    }
    host.start(command);
    for (String sockets : List.of("-ltnH", "-lunH")) {
      Eventually.until(
          "coturn listens on " + host.name(),
          LIMIT,
          () -> {
            String text = host.run(LIMIT, "ss", sockets).output();
            return host.addresses().stream()
                .map(address -> IpLiterals.format(address, true))
                .allMatch(ip -> text.contains(ip + ":3478 ") && text.contains(ip + ":5349 "));
          });
    }
  }

  private static Path readable(String name, String text) throws Exception {
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    Path file = Files.writeString(folder.resolve(name), text);
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
  }

  /** Time is no object here: a busy machine must not make relays fail. */
  private Checked test(String from, String... words) throws Exception {
    List<String> all = new ArrayList<>(List.of("turn", "test", "-q", "-o", "json"));
    all.addAll(List.of("--timeout=80s"));
    all.addAll(List.of(words));
    for (String usual : List.of("--deadline=20s", "--relayed=ipv4")) {
      String name = usual.substring(0, usual.indexOf('=') + 1);
      if (all.stream().noneMatch(word -> word.startsWith(name))) {
        all.add(usual);
      }
    }
    LabProcess run = lab.host(from).start(ChildJvm.java(Culvert.class, all.toArray(new String[0])));
    int exitCode = run.awaitExit(LIMIT);
    String text = "from " + from + ", exit " + exitCode + ": " + run.output();
    return new Checked(new ObjectMapper().readTree(run.output()), text, exitCode);
  }

  private static JsonNode only(Checked run) {
    assertEquals(1, run.json().get("results").size(), run.text());
    return run.json().get("results").get(0);
  }

  private static void passed(Checked run) {
    assertEquals(0, run.exitCode(), run.text());
    for (JsonNode result : run.json().get("results")) {
      assertEquals("pass", result.get("result").asText(), run.text());
      assertEquals("lab.test", result.get("realm").asText(), run.text());
      assertTrue(result.get("software").asText().startsWith("Coturn"), run.text());
      assertEquals(10, result.get("echo").get("back").asInt(), run.text());
    }
  }

  @ParameterizedTest
  @CsvSource({"a, turn:", "b, turn:", "c, turn:", "b, tcp", "d, tcp", "a, turns:", "c, turns:"})
  void datagramsGoThroughCoturn(String from, String way) throws Exception {
    String uri = way.equals("tcp") ? "turn:" + ip("s1") + "?transport=tcp" : way + ip("s1");
    passed(test(from, uri, "--secret=north", "--pin=" + key.pin()));
  }

  @Test
  void ipv6LeadsThereToo() throws Exception {
    InetAddress six = lab.host("s1").ipv6().get(0);
    String uri = "turn:" + IpLiterals.format(six, true);
    passed(test("a", uri, "--secret=north", "--relayed=ipv4,ipv6"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "b", "c"})
  void anOwnSocketIsThePeerWhereCoturnDoesNotRelayToItself(String from) throws Exception {
    Checked run = test(from, "turn:" + ip("s2"), "--user=lab:lab");
    passed(run);
    assertEquals("an own socket", only(run).get("echo").get("peer").asText(), run.text());
    assertTrue(only(run).get("notes").toString().contains("403"), run.text());
  }

  private void refused(Checked run, String cause, String words) {
    assertEquals(7, run.exitCode(), run.text());
    assertEquals(cause, only(run).get("cause").asText(), run.text());
    assertTrue(only(run).get("reason").asText().contains(words), run.text());
  }

  @Test
  void coturnsRefusalsAreExplained() throws Exception {
    String secretive = "turn:" + ip("s1");
    refused(test("a", secretive, "--secret=south"), "credentials", "not the relay's");
    String late = "1600000000:me";
    String password = TimeLimitedUsers.password("north", late);
    refused(test("a", secretive, "--user=" + late + ":" + password), "expired", "days ago");
    String round = "me:4102444800";
    refused(
        test("a", secretive, "--user=" + round + ":" + TimeLimitedUsers.password("north", round)),
        "user-name",
        "EXPIRY:NAME");
    String users = "turn:" + ip("s2");
    refused(test("a", users, "--user=lab:guess"), "credentials", "the password is wrong");
    refused(test("a", users, "--user=nobody:lab"), "credentials", "there is no such user");
    refused(
        test("a", users, "--user=lab:lab", "--peer=" + ip("s1") + ":9"),
        "peer-refused",
        "it does not relay to the peer " + ip("s1") + " (403)");
  }

  @Test
  void aCertificateThatNobodyVouchesForIsExplained() throws Exception {
    refused(test("a", "turns:" + ip("s1"), "--secret=north"), "certificate", "not trusted");
  }

  @Test
  void whoeverIsBehindAFirewallIsToldSo() throws Exception {
    Checked run = test("d", "turn:" + ip("s1"), "--secret=north", "--deadline=3s");
    assertEquals(8, run.exitCode(), run.text());
    assertEquals("no-answer", only(run).get("cause").asText(), run.text());
  }
}
