package dev.culvert.cli.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.cli.Run;
import dev.culvert.identity.Pem;
import dev.culvert.sansio.IpLiterals;
import dev.culvert.sansio.TransportAddress;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the command refuses, in one line with the right exit code. */
class NodeCommandTest {

  private static void assertRefused(int exitCode, String said, String... args) {
    Run run = Run.of(args);
    assertEquals(exitCode, run.exitCode(), run.err());
    assertEquals("", run.out());
    assertTrue(run.err().contains(said), run.err());
    assertFalse(run.err().contains("\tat "), run.err());
    assertEquals(1, run.err().strip().lines().count(), run.err());
  }

  @ParameterizedTest
  @CsvSource({
    "no IP address, --listen example.org",
    "no port, --listen 127.0.0.1:70000",
    "--alternate without --listen, --alternate 127.0.0.2",
    "second IP address, --listen 127.0.0.1 --alternate 127.0.0.1",
    "second port, --listen 127.0.0.1:3478 --alternate 127.0.0.2:3478",
    "no --listen of its IP version, --listen 127.0.0.1 --alternate ::1",
    "not a wildcard, --listen 0.0.0.0 --alternate 127.0.0.2",
    "not clear for IPv4, --listen 127.0.0.1 --listen 127.0.0.3 --alternate 127.0.0.2",
    "not clear for IPv4, --listen 127.0.0.1 --alternate 127.0.0.2 --alternate 127.0.0.3",
    "which 0.0.0.0:3478 has already, --listen 0.0.0.0 --listen 127.0.0.1",
    "which 127.0.0.1:9 has already, --listen 127.0.0.1:9 --tls-listen 127.0.0.1:9",
    "which 127.0.0.1:9 has already, --listen 127.0.0.1:9 --dtls-listen 127.0.0.1:9",
    "no interface of this machine, --listen 192.0.2.77",
    "--cert and --key belong together, --tls-listen 127.0.0.1 --cert x.pem",
    "no such file, --tls-listen 127.0.0.1 --cert /nowhere/x.pem --key /nowhere/y.pem",
    "--cert without --tls-listen, --listen 127.0.0.1 --cert x.pem --key y.pem",
    "out of range, --listen 127.0.0.1 --threads 0",
    "a rate is, --listen 127.0.0.1 --limit-rate -1",
    "a burst is, --listen 127.0.0.1 --limit-burst 0",
    "an IPv4 prefix length is, --listen 127.0.0.1 --limit-ipv4-prefix 40",
    "at least one connection, --listen 127.0.0.1 --limit-connections 0",
    "--user without --relay, --listen 127.0.0.1 --user a:b",
    "--realm without --relay, --listen 127.0.0.1 --realm r",
    "--limit-permissions without --relay, --listen 127.0.0.1 --limit-permissions 3",
    "a user is NAME:PASSWORD, --listen 127.0.0.1:0 --relay --user hidden",
    "user a is given twice, --listen 127.0.0.1:0 --relay --user a:b --user a:c",
    "no such file, --listen 127.0.0.1:0 --relay --users-file /nowhere/users",
    "no such file, --listen 127.0.0.1:0 --relay --auth-secret-file /nowhere/secrets",
    "is no range of addresses, --listen 127.0.0.1:0 --relay --allow-peer 10.0.0.0/33",
    "10.0.0.0/8 is where the range begins, --listen 127.0.0.1:0 --relay --deny-peer 10.1.2.3/8",
    "is no range;, --listen 127.0.0.1:0 --relay --relay-ports 5000",
    "the lower first, --listen 127.0.0.1:0 --relay --relay-ports 60000-50000",
    "between 1024 and 65535, --listen 127.0.0.1:0 --relay --relay-ports 80-99999",
    "nowhere to be sent, --listen 127.0.0.1:0 --relay --alternate-server 0.0.0.0",
    "no interface of this machine has 192.0.2.77, --listen 127.0.0.1:0 --relay --relay-ip"
        + " 192.0.2.77",
    "is no IP address, --listen 127.0.0.1:0 --relay --external-ip here",
    "auto without --stun-server, --listen 127.0.0.1:0 --relay --external-ip auto",
    "asks for TLS, --listen 127.0.0.1:0 --relay --stun-server stuns:127.0.0.1",
    "is no rate, --listen 127.0.0.1:0 --relay --limit-user-bandwidth 10",
    "a limit is not negative, --listen 127.0.0.1:0 --relay --limit-user-allocations -1",
    "at least one of each, --listen 127.0.0.1:0 --relay --limit-permissions 0",
    "is no IP address, --listen 127.0.0.1:0 --management example.org",
    "--management-token-file without --management, --listen 127.0.0.1:0 --management-token-file t",
    "cannot be written, --listen 127.0.0.1:0 --management 127.0.0.1:0 --management-token-file"
        + " /nowhere/t",
    "no interface of this machine, --listen 127.0.0.1:0 --management 127.0.0.1:0 --listen"
        + " 192.0.2.77",
    "less than a second, --listen 127.0.0.1:0 --relay --limit-lifetime 10ms",
    "is not 1s to 1h, --listen 127.0.0.1:0 --relay --nonce-lifetime 2h",
    "--knows without --rendezvous, --listen 127.0.0.1:0 --knows wss://b.example/",
    "--limit-peers without --rendezvous, --listen 127.0.0.1:0 --limit-peers 5",
    "TLS is spoken nowhere, --listen 127.0.0.1:0 --rendezvous --identity /nowhere/key",
    "nobody says where the node's key is, --listen 127.0.0.1:0 --rendezvous"
        + " --rendezvous-behind-proxy 127.0.0.1:0",
    "is no loopback address, --listen 127.0.0.1:0 --rendezvous --rendezvous-behind-proxy"
        + " 0.0.0.0:80",
    "no URL of a node, --listen 127.0.0.1:0 --rendezvous --rendezvous-behind-proxy 127.0.0.1:0"
        + " --rendezvous-url ws://node.example/",
    "no URL of a node, --listen 127.0.0.1:0 --rendezvous --rendezvous-behind-proxy 127.0.0.1:0"
        + " --knows b",
    "give the 52 letters, --listen 127.0.0.1:0 --rendezvous --rendezvous-behind-proxy 127.0.0.1:0"
        + " --knows wss://b.example/~",
    "neither a name nor an address, --listen 127.0.0.1:0 --rendezvous --rendezvous-behind-proxy"
        + " 127.0.0.1:0 --announced-host a/b",
    "a limit is 1 or more, --listen 127.0.0.1:0 --rendezvous --rendezvous-behind-proxy 127.0.0.1:0"
        + " --identity /nowhere/key --limit-peers 0",
    "cannot be made, --listen 127.0.0.1:0 --rendezvous --rendezvous-behind-proxy 127.0.0.1:0"
        + " --identity /proc/nowhere/key",
    "no quotes, --listen 127.0.0.1:0 --relay --realm a\"b"
  })
  void refusesWhatMakesNoSense(String said, String args) {
    assertRefused(2, said, ("node " + args).split(" "));
  }

  @Test
  void aRealmMustNotMakeAnAmplifier() {
    assertRefused(
        2,
        "more than 96 bytes",
        "node",
        "--listen",
        "127.0.0.1:0",
        "--relay",
        "--realm",
        "r".repeat(97));
  }

  /** Nobody would take a record with it. */
  @Test
  void aUrlHasToFitIntoARecord() {
    assertRefused(
        2,
        "--rendezvous-url has 256 characters",
        "node",
        "--listen",
        "127.0.0.1:0",
        "--rendezvous",
        "--rendezvous-behind-proxy",
        "127.0.0.1:0",
        "--rendezvous-url",
        "wss://node.example/" + "x".repeat(237));
  }

  @Test
  void saysThatAPortIsTaken() throws Exception {
    try (DatagramSocket other =
        new DatagramSocket(new InetSocketAddress(IpLiterals.parse("127.0.0.1").orElseThrow(), 0))) {
      String address = "127.0.0.1:" + other.getLocalPort();
      assertRefused(2, "the port is taken", "node", "--listen", address);
    }
  }

  @Test
  void saysWhatIsWrongWithACertificate(@TempDir Path files) throws Exception {
    Path garbage = Files.writeString(files.resolve("garbage.pem"), "no certificate");
    Path good = files.resolve("good.pem");
    Path otherKey = files.resolve("other.key");
    SecureRandom random = new SecureRandom();
    List<TransportAddress> names =
        List.of(new TransportAddress(IpLiterals.parse("127.0.0.1").orElseThrow(), 1));
    Instant now = Instant.now();
    Files.writeString(good, Pem.write(NodeTls.selfMade(names, random, now).chain()));
    Files.writeString(otherKey, Pem.write(NodeTls.selfMade(names, random, now).privateKey()));
    String[] start = {"node", "--tls-listen", "127.0.0.1:0", "--cert"};
    assertRefused(2, "no PEM file", with(start, garbage + "", "--key", otherKey + ""));
    assertRefused(2, "does not belong", with(start, good + "", "--key", otherKey + ""));
    assertRefused(2, garbage + "", with(start, good + "", "--key", garbage + ""));
  }

  private static String[] with(String[] start, String... more) {
    String[] all = Arrays.copyOf(start, start.length + more.length);
    System.arraycopy(more, 0, all, start.length, more.length);
    return all;
  }
}
