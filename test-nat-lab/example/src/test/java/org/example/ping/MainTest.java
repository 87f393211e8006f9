package org.example.ping;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.lab.LabProcess;
import dev.culvert.lab.host.TestHost;
import dev.culvert.lab.junit.Host;
import dev.culvert.lab.junit.IfUnavailable;
import dev.culvert.lab.junit.NatLab;
import dev.culvert.lab.junit.Worlds;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The whole program, a JVM on each host. There are no processes in the simulator. */
@NatLab(
    homes = {"a=prc", "b=prc"},
    world = Worlds.KERNEL,
    ifUnavailable = IfUnavailable.ABORT)
class MainTest {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  @Test
  void twoUsersReachEachOther(
      @Host("s1") TestHost s1,
      @Host("a") TestHost a,
      @Host("b") TestHost b,
      @Host("a-nat") InetAddress outsideOfA)
      throws Exception {
    LabProcess introducer = s1.java(Main.class, "introduce", "9000");
    introducer.await(output -> output.contains("ready"), LIMIT);
    // Names of the lab resolve inside of it.
    LabProcess first = a.java(Main.class, "ping", "s1", "9000", "room");
    LabProcess second = b.java(Main.class, "ping", "s1", "9000", "room");
    assertEquals(0, first.awaitExit(LIMIT), first.output());
    assertEquals(0, second.awaitExit(LIMIT), second.output());
    List<String> said = second.lines();
    assertTrue(said.get(0).startsWith("direct: " + outsideOfA.getHostAddress()), said.toString());
  }

  @Test
  void wrongWordsAreAnsweredWithHowToUseIt(@Host("a") TestHost a) throws Exception {
    LabProcess main = a.java(Main.class, "pong");
    assertEquals(2, main.awaitExit(LIMIT));
    assertTrue(main.output().startsWith("usage: "), main.output());
  }
}
