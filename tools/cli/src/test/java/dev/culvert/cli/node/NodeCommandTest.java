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
    "no interface of this machine, --listen 192.0.2.77",
    "--cert and --key belong together, --tls-listen 127.0.0.1 --cert x.pem",
    "no such file, --tls-listen 127.0.0.1 --cert /nowhere/x.pem --key /nowhere/y.pem",
    "--cert without --tls-listen, --listen 127.0.0.1 --cert x.pem --key y.pem",
    "out of range, --listen 127.0.0.1 --threads 0",
    "a rate is, --listen 127.0.0.1 --limit-rate -1",
    "a burst is, --listen 127.0.0.1 --limit-burst 0",
    "an IPv4 prefix length is, --listen 127.0.0.1 --limit-ipv4-prefix 40",
    "at least one connection, --listen 127.0.0.1 --limit-connections 0"
  })
  void refusesWhatMakesNoSense(String said, String args) {
    assertRefused(2, said, ("node " + args).split(" "));
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
