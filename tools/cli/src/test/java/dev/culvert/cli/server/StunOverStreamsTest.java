package dev.culvert.cli.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.cli.Run;
import dev.culvert.identity.CertificateSpec;
import dev.culvert.identity.Certificates;
import dev.culvert.identity.CertifiedKey;
import dev.culvert.identity.Keys;
import dev.culvert.identity.Pem;
import dev.culvert.sansio.IpLiterals;
import dev.culvert.sansio.Transport;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.transport.server.ListenException;
import dev.culvert.transport.server.StunListener;
import dev.culvert.transport.server.StunServer;
import dev.culvert.transport.server.StunServerConfig;
import dev.culvert.transport.server.TlsIdentity;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command against the node's own server, over UDP, TCP and TLS on the loopback. */
class StunOverStreamsTest {
  private static final InetAddress LOOPBACK = IpLiterals.parse("127.0.0.1").orElseThrow();

  private static CertifiedKey key;
  private static StunServer server;

  @BeforeAll
  static void startServer() throws ListenException {
    Instant now = Instant.now();
    CertificateSpec spec =
        new CertificateSpec(
            List.of("node.test"),
            List.of(LOOPBACK),
            now.minus(Duration.ofHours(1)),
            now.plus(Duration.ofHours(1)),
            true);
    SecureRandom random = new SecureRandom();
    key = Certificates.selfMade(Keys.generateP256(random), spec, random);
    TransportAddress any = new TransportAddress(LOOPBACK, 0);
    server =
        StunServer.start(
            StunServerConfig.of(
                List.of(StunListener.plain(any), StunListener.tls(any)),
                Optional.of(new TlsIdentity(key.privateKey(), key.chain()))));
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  private static String at(Transport transport) {
    return server.addresses(transport).get(0).toString();
  }

  /**
   * It ends as soon as it knows; the first handshake of a process takes seconds where it is busy.
   */
  private static Run stun(String... more) {
    List<String> line = new ArrayList<>(List.of("stun", "--deadline=60s"));
    line.addAll(List.of(more));
    return Run.of(line.toArray(String[]::new));
  }

  @Test
  void udpAndTcpPass() {
    Run udp = stun(at(Transport.UDP), "--transport=udp", "-4");
    assertEquals(0, udp.exitCode(), udp.out());
    Run tcp = stun(at(Transport.TCP), "--transport", "tcp", "-4", "-o", "json");
    assertEquals(0, tcp.exitCode(), tcp.out());
    assertTrue(tcp.out().contains("\"transport\":\"tcp\""), tcp.out());
    assertTrue(tcp.out().contains("\"reflexive\":\"127.0.0.1:"), tcp.out());
  }

  @Test
  void tlsPassesWithTheRightPinOrAuthorityAndOnlyThen(@TempDir Path folder) throws IOException {
    String uri = "stuns:" + at(Transport.TLS);
    Run pinned = stun(uri, "-4", "--pin", key.pin().toString());
    assertEquals(0, pinned.exitCode(), pinned.out());
    String hex = "sha256:" + key.pin().sha256().hex();
    assertEquals(0, stun(uri, "-4", "--pin", hex).exitCode());

    Path ca = Files.writeString(folder.resolve("ca.pem"), Pem.write(key.chain()));
    Run vouched = stun(uri, "-4", "--ca", ca.toString());
    assertEquals(0, vouched.exitCode(), vouched.out());
    Run named = stun(uri, "-4", "--ca", ca.toString(), "--tls-name", "node.test");
    assertEquals(0, named.exitCode(), named.out());

    Run misnamed = stun(uri, "-4", "--ca", ca.toString(), "--tls-name", "other.test");
    Run wrong = stun(uri, "-4", "--pin", "sha256:" + "00".repeat(32));
    Run unknown = stun(uri, "-4");
    for (Run run : List.of(misnamed, wrong, unknown)) {
      assertEquals(7, run.exitCode(), run.out());
      assertTrue(run.out().contains("its certificate is not trusted"), run.out());
    }
  }

  @Test
  void aStreamThatTalksSomethingElseIsNamed() throws IOException {
    try (ServerSocket other = new ServerSocket(0, 1, LOOPBACK)) {
      Thread thread =
          new Thread(
              () -> {
                try (var client = other.accept()) {
                  client
                      .getOutputStream()
                      .write("SSH-2.0-OpenSSH_9.2\r\n".getBytes(StandardCharsets.US_ASCII));
                  client.getInputStream().readAllBytes();
                } catch (IOException e) {
                  // The client left.
                }
              });
      thread.setDaemon(true);
      thread.start();
      String at = "127.0.0.1:" + other.getLocalPort();
      Run run = stun(at, "--transport=tcp", "-4");
      assertEquals(5, run.exitCode(), run.out());
      assertTrue(run.out().contains("something answers, but not STUN"), run.out());
    }
  }

  @Test
  void aPortWhereNobodyListensIsRefused() throws IOException {
    int port;
    try (ServerSocket gone = new ServerSocket(0, 1, LOOPBACK)) {
      port = gone.getLocalPort();
    }
    Run run = stun("127.0.0.1:" + port, "--transport=tcp", "-4");
    assertEquals(4, run.exitCode(), run.out());
    assertTrue(run.out().contains("nobody listens there"), run.out());
  }
}
