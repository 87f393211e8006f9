package org.example.ping;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.lab.host.Started;
import dev.culvert.lab.host.TestHost;
import dev.culvert.lab.junit.Host;
import dev.culvert.lab.junit.IfUnavailable;
import dev.culvert.lab.junit.LabTest;
import dev.culvert.lab.junit.NatLab;
import dev.culvert.lab.junit.Worlds;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;

/**
 * Two peers behind each pair of NATs, in the simulator and again with the kernel's own NATs.
 *
 * <p>On a machine that lets nobody make network namespaces the second half is aborted instead of
 * failing; whoever wants to be sure of it leaves {@code ifUnavailable} out.
 */
class PingTest {
  private static final int PORT = 9000;

  /** Of the lab's time: in the simulator this takes no time at all. */
  private static final Duration LIMIT = Duration.ofMinutes(1);

  // What the introducer saw is where a.peer is reached, and both speak at once: the textbook's hole punching.
  @NatLab(
      homes = {"a=prc", "b=prc"},
      world = Worlds.BOTH,
      ifUnavailable = IfUnavailable.ABORT)
  @LabTest
  void portRestrictedNatsAreNoObstacle(
      @Host("s1") TestHost s1,
      @Host("a") TestHost a,
      @Host("b") TestHost b,
      @Host("b-nat") InetAddress outside)
      throws Exception {
    Optional<InetSocketAddress> seen = ping(s1, a, b);
    assertEquals(outside, seen.orElseThrow().getAddress());
  }

  // A symmetric NAT gives each destination another port. The other side must take it from the packet, and may,
  // because its own NAT lets any port of that address in.
  @NatLab(
      homes = {"a=arc", "b=sym"},
      world = Worlds.BOTH,
      ifUnavailable = IfUnavailable.ABORT)
  @LabTest
  void symmetricNatIsReachedByItsRealPort(
      @Host("s1") TestHost s1, @Host("a") TestHost a, @Host("b") TestHost b) throws Exception {
    assertTrue(ping(s1, a, b).isPresent());
  }

  // Here that packet never gets in, so a test may as well say that this program cannot do it.
  @NatLab(
      homes = {"a=prc", "b=sym"},
      world = Worlds.BOTH,
      ifUnavailable = IfUnavailable.ABORT)
  @LabTest
  void portRestrictedAndSymmetricNeedMoreThanThis(
      @Host("s1") TestHost s1, @Host("a") TestHost a, @Host("b") TestHost b) throws Exception {
    assertEquals(Optional.empty(), ping(s1, a, b));
  }

  // Two NATs in a row each, as with many mobile networks; and a line that loses every fifth packet each way.
  @NatLab(
      homes = {"a=prc@prc", "b=prc"},
      links = "b=delay:30ms,loss:20%",
      seed = 3,
      world = Worlds.BOTH,
      ifUnavailable = IfUnavailable.ABORT)
  @LabTest
  void lossAndNatsBehindNatsOnlyCostTime(
      @Host("s1") TestHost s1, @Host("a") TestHost a, @Host("b") TestHost b) throws Exception {
    assertTrue(ping(s1, a, b).isPresent());
  }

  /** Where a heard b answer. */
  private static Optional<InetSocketAddress> ping(TestHost s1, TestHost a, TestHost b)
      throws Exception {
    // udp() opens a socket on that host; asDatagramSocket() makes it the class that the program knows.
    s1.start(host -> new Introducer(host.udp(PORT).asDatagramSocket()).run());
    InetSocketAddress introducer = new InetSocketAddress(s1.ipv4(), PORT);
    Started<Optional<InetSocketAddress>> first =
        a.start(host -> new Peer(host.udp().asDatagramSocket(), introducer, "room").run());
    Started<Optional<InetSocketAddress>> second =
        b.start(host -> new Peer(host.udp().asDatagramSocket(), introducer, "room").run());
    Optional<InetSocketAddress> seen = first.await(LIMIT);
    assertEquals(seen.isPresent(), second.await(LIMIT).isPresent());
    return seen;
  }
}
