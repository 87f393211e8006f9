package dev.culvert.cli.turn;

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
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Servers whose certificates are wrong in one way each, over TLS and DTLS. */
class TurnTestCertificateTest {
  private static final InetAddress LOOPBACK = IpLiterals.parse("127.0.0.1").orElseThrow();

  private final SecureRandom random = new SecureRandom();

  private static CertificateSpec spec(boolean authority, Duration left) {
    return new CertificateSpec(
        List.of(authority ? "authority.test" : "node.test"),
        List.of(LOOPBACK),
        Instant.now().minus(Duration.ofDays(9)),
        Instant.now().plus(left),
        authority);
  }

  private CertifiedKey issued(CertifiedKey authority, Duration left) {
    return Certificates.issue(authority, Keys.generateP256(random), spec(false, left), random);
  }

  private static StunServer start(CertifiedKey key) throws ListenException {
    TransportAddress any = new TransportAddress(LOOPBACK, 0);
    return StunServer.start(
        StunServerConfig.of(
            List.of(StunListener.tls(any), StunListener.dtls(any)),
            Optional.of(new TlsIdentity(key.privateKey(), key.chain()))));
  }

  private static Run test(StunServer server, Transport transport, String... words) {
    String query = transport == Transport.DTLS ? "?transport=udp" : "";
    String uri = "turns:" + server.addresses(transport).get(0) + query;
    List<String> all =
        new ArrayList<>(List.of("turn", "test", uri, "--user=me:you", "-ojson", "--deadline=60s"));
    all.addAll(List.of(words));
    return Run.of(all.toArray(new String[0]));
  }

  @ParameterizedTest
  @CsvSource({"TLS", "DTLS"})
  void eachFaultOfACertificateIsNamedWithItsMend(Transport transport, @TempDir Path folder)
      throws IOException, ListenException {
    Duration days = Duration.ofDays(9);
    CertifiedKey authority =
        Certificates.selfMade(Keys.generateP256(random), spec(true, days), random);
    CertifiedKey good = issued(authority, days);
    CertifiedKey late = issued(authority, Duration.ofHours(-3));
    Path ca = Files.writeString(folder.resolve("ca.pem"), Pem.write(authority.chain()));
    try (StunServer server = start(good);
        StunServer expired = start(late)) {
      fails(
          test(server, transport),
          "issued by CN=authority.test, its key is " + good.pin(),
          "give it to --pin");
      fails(
          test(server, transport, "--ca=" + ca, "--tls-name=other.test"),
          "not for other.test",
          "say with --tls-name which name it bears");
      fails(test(expired, transport, "--ca=" + ca), "has expired", "renew it");
      fails(
          test(server, transport, "--pin=sha256:" + "00".repeat(32)),
          "has another key than the pinned one",
          "take the new pin from its operator");
    }
  }

  private static void fails(Run run, String reason, String mend) {
    assertEquals(7, run.exitCode(), run.out());
    assertTrue(run.out().contains("\"cause\":\"certificate\""), run.out());
    assertTrue(run.out().contains(reason), run.out());
    assertTrue(run.out().contains(mend), run.out());
  }
}
