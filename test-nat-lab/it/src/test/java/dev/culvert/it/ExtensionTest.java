package dev.culvert.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.lab.host.LabDatagram;
import dev.culvert.lab.host.LabSocket;
import dev.culvert.lab.host.Started;
import dev.culvert.lab.host.TestHost;
import dev.culvert.lab.host.WorldHosts;
import dev.culvert.lab.junit.Host;
import dev.culvert.lab.junit.LabTest;
import dev.culvert.lab.junit.NatLab;
import dev.culvert.lab.junit.Worlds;
import dev.culvert.lab.world.LabWorld;
import dev.culvert.sansio.TransportAddress;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The JUnit extension where both worlds are there, and where the kernel's is missing. */
class ExtensionTest {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  @NatLab(
      homes = {"a=full", "b=prc"},
      world = Worlds.BOTH)
  @LabTest
  void programsMeetTheSameNatsInBothWorlds(
      @Host("a") TestHost a,
      @Host("b") TestHost b,
      @Host("s1") TestHost s1,
      @Host("b-nat") InetAddress outsideOfB)
      throws Exception {
    Started<TransportAddress> stun =
        s1.start(
            host -> {
              LabSocket socket = host.udp(3478);
              LabDatagram asked = socket.receive(LIMIT).orElseThrow();
              socket.send(asked.from().toString(), asked.from());
              return asked.from();
            });
    LabSocket inside = a.udp(5000);
    // The server's socket may take longer to open than a datagram to arrive.
    Optional<LabDatagram> mapped = Optional.empty();
    for (int i = 0; i < 100 && mapped.isEmpty(); i++) {
      inside.send("where am I?", new TransportAddress(s1.ipv4(), 3478));
      mapped = inside.receive(Duration.ofMillis(200));
    }
    TransportAddress outside = stun.await(LIMIT);
    assertEquals(outside.toString(), mapped.orElseThrow().text());
    LabSocket other = b.udp(6000);
    other.send("straight", outside);
    LabDatagram heard = inside.receive(LIMIT).orElseThrow();
    assertEquals("straight", heard.text());
    assertEquals(outsideOfB, heard.from().ip());
  }

  @NatLab(
      homes = {"a=prc", "b=cgn-home", "c=firewall"},
      servers = {"one=1", "two=2"},
      world = Worlds.BOTH)
  @LabTest
  void addressesAreTheSameInBothWorlds(LabWorld world, WorldHosts hosts) {
    assertEquals("192.168.1.2", hosts.host("a").ipv4().getHostAddress());
    assertEquals("203.0.113.10", hosts.host("one").ipv4().getHostAddress());
    assertEquals(world.addresses().get("c"), hosts.host("c").addresses());
  }

  @Test
  void missingToolsAreFailuresAbortionsOrTheSimulatorAsAsked() throws Exception {
    // No nft, no ip, no unshare.
    Child child =
        Child.run(60, ChildJvm.java(ExtensionProgram.class), Map.of("PATH", "/nonexistent"));
    assertEquals(0, child.exitCode(), child.output());
    List<String> said = child.output().lines().filter(line -> line.contains(": ")).toList();
    String mend = "NAT lab needs setsid, unshare and sh";
    assertTrue(said.contains("Fails in sim: SUCCESSFUL "), child.output());
    assertTrue(begins(said, "Fails in kernel: FAILED the " + mend), child.output());
    assertTrue(said.contains("Aborts in sim: SUCCESSFUL "), child.output());
    assertTrue(begins(said, "Aborts in kernel: ABORTED no lab can start here: "), child.output());
    assertTrue(said.contains("Simulates in sim: SUCCESSFUL "), child.output());
    assertEquals(5 + 3, said.size(), child.output());
  }

  private static boolean begins(List<String> lines, String start) {
    return lines.stream().anyMatch(line -> line.startsWith(start));
  }
}
