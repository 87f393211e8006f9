package dev.culvert.cli.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.culvert.cli.Run;
import dev.culvert.identity.CertificateSpec;
import dev.culvert.identity.Certificates;
import dev.culvert.identity.CertifiedKey;
import dev.culvert.identity.Keys;
import dev.culvert.identity.Pem;
import dev.culvert.sansio.IpLiterals;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.transport.server.StunListener;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What check-config tells of a configuration that a node would start with, and of one it wouldn't.
 */
class CheckConfigCommandTest {
  @TempDir private Path folder;

  private Path file(String text) throws IOException {
    return Files.writeString(folder.resolve("node.yaml"), text);
  }

  @Test
  void tellsWhatHoldsAndWhereItComesFrom() throws IOException {
    Path file = file("relay: true\nrealm: r\nuser: [alice:hunter2]\ndrain: 1\nthreads: 1\n");
    Run run =
        Run.in(
            Map.of("CULVERT_NODE_DRAIN", "2", "CULVERT_NODE_THREADS", "2"),
            false,
            "node",
            "--threads",
            "3",
            "check-config",
            "--config",
            file.toString(),
            "--listen=127.0.0.1:0");
    assertEquals(0, run.exitCode(), run.err());
    List<String> lines = run.out().lines().map(line -> line.replaceAll("\\s+", " ")).toList();
    assertEquals("ok", lines.get(0));
    for (String line :
        List.of(
            " listen 127.0.0.1:0 --listen",
            " threads 3 --threads",
            " drain 2 CULVERT_NODE_DRAIN",
            " realm r " + file + ":2",
            " user alice:**** " + file + ":3",
            " relay-ports 49152-65535 default",
            " cert - default")) {
      assertTrue(lines.contains(line), line + " is not in " + run.out());
    }
    assertFalse((run.out() + run.err()).contains("hunter2"));
  }

  @Test
  void tellsTheSameToPrograms() throws IOException {
    Path file = file("relay: true\nauth-secret:\n  - hunter2\n  - hunter3\n");
    String json = Run.of("node", "check-config", "-o", "json", "--config=" + file).out();
    assertTrue(
        json.startsWith("{\"schema\":\"culvert.node.config/1\",\"ok\":true,\"warnings\":["), json);
    String at = "\"from\":\"file\",\"where\":\"" + file;
    assertTrue(json.contains("\"relay\":{\"value\":\"true\"," + at + ":1\"}"), json);
    assertTrue(
        json.contains("\"auth-secret\":{\"value\":[\"****\",\"****\"]," + at + ":2\"}"), json);
    assertFalse(json.contains("hunter"), json);
    try (JsonParser parser = new JsonFactory().createParser(json)) {
      assertEquals(JsonToken.START_OBJECT, parser.nextToken());
      parser.skipChildren();
      assertEquals(null, parser.nextToken());
    }
  }

  @Test
  void theFileHoldsForWhatEveryCommandHas() throws IOException {
    String config = "--config=" + file("output: json\nredact: true\nlisten: 127.0.0.1:0\n");
    String json = Run.of("node", "check-config", config).out();
    assertTrue(json.startsWith("{"), json);
    assertFalse(json.contains("127.0.0.1"), json);
    assertTrue(Run.of("-o", "text", "node", "check-config", config).out().startsWith("ok"));
    assertTrue(
        Run.of("node", "-o", "json", "check-config", config, "-o=text").out().startsWith("ok"));
  }

  @Test
  void readsAllThatANodeReads() throws IOException {
    Path file =
        file(
            """
            listen: 127.0.0.1:0
            tls-listen: 127.0.0.1:0
            cert: a.pem
            key: b.pem
            relay: true
            users-file: users
            """);
    Run run = Run.of("node", "check-config", "--config=" + file);
    assertEquals(2, run.exitCode());
    assertEquals(
        List.of(
            file + ":3: --cert " + folder.resolve("a.pem") + ": there is no such file",
            file + ":6: --users-file " + folder.resolve("users") + ": there is no such file"),
        run.err()
            .lines()
            .map(line -> line.replace("culvert node check-config: ", "").replaceFirst("; .*", ""))
            .toList());
  }

  @Test
  void warnsOfWhatEverybodyCanRead() throws IOException {
    Path file = file("relay: true\nauth-secret: s\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    String warning = "warning: " + file + " holds secrets and is readable by everybody; chmod o= ";
    Run open = Run.of("node", "check-config", "--config=" + file);
    assertEquals(0, open.exitCode());
    assertEquals(warning + file, open.err().strip());
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
    assertEquals("", Run.of("node", "check-config", "--config=" + file).err());
  }

  @Test
  void warnsOfARelayWhoseSecretChangesAtEachStart() {
    Run run = Run.of("node", "check-config", "--listen", "127.0.0.1:0", "--relay");
    assertEquals(0, run.exitCode(), run.err());
    assertTrue(run.err().startsWith("warning: --relay without users and secrets"), run.err());
    assertEquals(1, run.err().lines().count(), "a secret that nobody will use is shown");
  }

  @Test
  void warnsOfAVariableThatLooksMisspelt() {
    Map<String, String> environment =
        Map.of("CULVERT_NODE_LIMIT_BURTS", "1", "CULVERT_NODE_SERVICE_HOST", "10.0.0.1");
    Run run = Run.in(environment, false, "node", "check-config", "--listen", "127.0.0.1:0");
    assertEquals(0, run.exitCode());
    assertEquals(
        "warning: CULVERT_NODE_LIMIT_BURTS sets nothing; did you mean CULVERT_NODE_LIMIT_BURST?",
        run.err().strip());
  }

  @Test
  void opensNoSocket() throws Exception {
    try (DatagramSocket taken = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      String address = "127.0.0.1:" + taken.getLocalPort();
      assertEquals(0, Run.of("node", "check-config", "--listen", address).exitCode());
    }
  }

  @Test
  void refusesAnAddressThatThisMachineHasNot() throws IOException {
    Path file = file("alternate: 192.0.2.78\nlisten: 192.0.2.77:99\n");
    Run run = Run.of("node", "check-config", "--config=" + file);
    assertEquals(2, run.exitCode());
    assertEquals(2, run.err().lines().count(), run.err());
    assertTrue(
        run.err().contains(file + ":2: --listen 192.0.2.77:99: no interface of this machine has"),
        run.err());
  }

  @ParameterizedTest
  @CsvSource({
    "80, 1024, false, true",
    "80, 80, false, false",
    "80, 1024, true, false",
    "0, 1024, false, false",
    "1024, 1024, false, false"
  })
  void warnsOfPortsThatNeedARight(int port, int firstFree, boolean mayAll, boolean warned) {
    NodeCheck check = new NodeCheck(new HostRules(firstFree, mayAll, false), List.of());
    InetAddress loopback = IpLiterals.parse("127.0.0.1").orElseThrow();
    check.listeners(List.of(StunListener.tls(new TransportAddress(loopback, port))));
    List<String> expected = new ArrayList<>();
    if (warned) {
      expected.add(
          "--tls-listen 127.0.0.1:80: ports below 1024 need CAP_NET_BIND_SERVICE, which this user"
              + " has not");
    }
    assertEquals(expected, check.warnings());
  }

  @Test
  void asksTheKernelWhatIsPermitted() throws IOException {
    assertEquals(new HostRules(1024, true, false), HostRules.of(folder));
    Path ipv4 = Files.createDirectories(folder.resolve("sys/net/ipv4"));
    Files.writeString(ipv4.resolve("ip_unprivileged_port_start"), "80\n");
    Files.writeString(ipv4.resolve("ip_nonlocal_bind"), "1\n");
    Files.createDirectories(folder.resolve("self"));
    Path status = folder.resolve("self/status");
    Files.writeString(status, "Name:\tx\nCapEff:\t0000000000000000\n");
    assertEquals(new HostRules(80, false, true), HostRules.of(folder));
    Files.writeString(status, "Name:\tx\nCapEff:\t0000000000000400\n");
    assertEquals(new HostRules(80, true, true), HostRules.of(folder));
  }

  @ParameterizedTest
  @CsvSource({
    "-90, -1, 'ended on 2026-02-28, and clients refuse it; renew it'",
    "-70, 20, 'ends on 2026-03-21; renew it'",
    "1, 90, 'begins on 2026-03-02; look at this machine''s clock'",
    "-1, 89, ''"
  })
  void warnsOfACertificateThatEnds(int from, int until, String said) {
    Instant now = Instant.parse("2026-03-01T12:00:00Z");
    SecureRandom random = new SecureRandom();
    CertifiedKey own =
        Certificates.selfMade(
            Keys.generateP256(random),
            new CertificateSpec(
                List.of("relay.example"),
                List.of(),
                now.plus(Duration.ofDays(from)),
                now.plus(Duration.ofDays(until)),
                false),
            random);
    NodeCheck check = new NodeCheck(new HostRules(1024, true, false), List.of());
    check.certificate(Path.of("chain.pem"), own.certificate(), now);
    assertEquals(
        said.isEmpty() ? List.of() : List.of("--cert chain.pem " + said), check.warnings());
  }

  @Test
  void looksAtTheCertificateThatIsNamed() throws IOException {
    SecureRandom random = new SecureRandom();
    Instant now = Instant.now();
    CertifiedKey own =
        Certificates.selfMade(
            Keys.generateP256(random),
            new CertificateSpec(
                List.of("relay.example"),
                List.of(),
                now.minus(Duration.ofDays(9)),
                now.plus(Duration.ofDays(2)),
                false),
            random);
    Files.writeString(folder.resolve("chain.pem"), Pem.write(own.chain()));
    Files.writeString(folder.resolve("key.pem"), Pem.write(own.privateKey()));
    Path file = file("tls-listen: 127.0.0.1:0\ncert: chain.pem\nkey: key.pem\n");
    Run run = Run.of("node", "check-config", "--config=" + file);
    assertEquals(0, run.exitCode(), run.err());
    assertTrue(
        run.err().matches("warning: --cert \\S+chain.pem ends on \\S+; renew it\\R"), run.err());
  }
}
