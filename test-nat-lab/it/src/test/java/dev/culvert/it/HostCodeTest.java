package dev.culvert.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.lab.LabException;
import dev.culvert.lab.LabProcess;
import dev.culvert.lab.host.LabDatagram;
import dev.culvert.lab.host.LabSocket;
import dev.culvert.lab.host.Started;
import dev.culvert.lab.host.TestHost;
import dev.culvert.lab.host.WorldHosts;
import dev.culvert.lab.junit.Host;
import dev.culvert.lab.junit.NatLab;
import dev.culvert.lab.junit.Worlds;
import dev.culvert.lab.world.KernelWorld;
import dev.culvert.sansio.TransportAddress;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Code, commands and JVMs on hosts behind the kernel's NATs. */
@NatLab(
    homes = {"a=prc", "b=sym"},
    world = Worlds.KERNEL)
class HostCodeTest {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  @Test
  void serverSeesTheNatAndItsAnswerComesBack(
      @Host("a") TestHost a, @Host("s1") TestHost s1, @Host("a-nat") InetAddress outside)
      throws Exception {
    try (LabSocket server = s1.udp(7000);
        LabSocket client = a.udp()) {
      client.send("hello", new TransportAddress(s1.ipv4(), 7000));
      LabDatagram heard = server.receive(LIMIT).orElseThrow();
      assertEquals("hello", heard.text());
      assertEquals(new TransportAddress(outside, client.local().port()), heard.from());
      server.send("welcome", heard.from());
      LabDatagram answer = client.receive(LIMIT).orElseThrow();
      assertEquals("welcome", answer.text());
      assertEquals(server.local(), answer.from());
    }
  }

  @Test
  void oneSocketSpeaksBothFamilies(@Host("a") TestHost a, @Host("s1") TestHost s1)
      throws Exception {
    LabSocket server = s1.udp(s1.ipv6(), 7000);
    LabSocket client = a.udp(5000);
    client.send("six", new TransportAddress(s1.ipv6(), 7000));
    LabDatagram heard = server.receive(LIMIT).orElseThrow();
    assertEquals(new TransportAddress(a.ipv6(), 5000), heard.from());
  }

  @Test
  void takenPortsAndForeignAddressesAreRefusedInOneLine(@Host("a") TestHost a) throws Exception {
    a.udp(7000);
    String taken = assertThrows(LabException.class, () -> a.udp(7000)).toString();
    assertTrue(taken.contains(": host a cannot open UDP *:7000: "), taken);
    InetAddress foreign = InetAddress.getByName("192.0.2.10");
    String other = assertThrows(LabException.class, () -> a.udp(foreign, 7000)).toString();
    assertTrue(other.contains(": host a cannot open UDP 192.0.2.10:7000: "), other);
  }

  @Test
  void programsTalkThroughTheJdksSocket(@Host("a") TestHost a, @Host("s1") TestHost s1)
      throws Exception {
    DatagramSocket server = s1.udp(7000).asDatagramSocket();
    Started<String> echo =
        s1.start(
            host -> {
              DatagramPacket packet = new DatagramPacket(new byte[100], 100);
              server.receive(packet);
              server.send(packet);
              return text(packet);
            });
    DatagramSocket client = a.udp().asDatagramSocket();
    client.setSoTimeout(100);
    DatagramPacket packet = new DatagramPacket(new byte[100], 100);
    assertThrows(SocketTimeoutException.class, () -> client.receive(packet));
    client.setSoTimeout(60_000);
    byte[] hello = "hello".getBytes(StandardCharsets.UTF_8);
    client.send(new DatagramPacket(hello, hello.length, s1.ipv4(), 7000));
    client.receive(packet);
    assertEquals("hello", text(packet));
    assertEquals("hello", echo.await(LIMIT));
  }

  @Test
  void programsThatWaitEndWithTheLab(WorldHosts hosts) throws Exception {
    LabSocket socket = hosts.host("a").udp();
    Started<Object> waiting = hosts.host("a").start(host -> socket.receive(Duration.ofDays(1)));
    assertFalse(waiting.isDone());
    hosts.close();
    LabException failure = assertThrows(LabException.class, () -> waiting.await(LIMIT));
    assertTrue(failure.toString().contains(": the program on host a failed"), failure.toString());
    assertTrue(socket.isClosed());
    assertThrows(LabException.class, () -> hosts.host("a").udp());
  }

  @Test
  void commandsAndMainClassesRunOnHosts(@Host("b") TestHost b, KernelWorld world) throws Exception {
    LabProcess command = b.command("ip", "-4", "-o", "address");
    command.awaitExit(LIMIT);
    String address = b.ipv4().getHostAddress();
    assertTrue(command.output().contains(address), command.output());
    LabProcess java = b.java(WhereAmI.class, "one", "two");
    assertEquals(3, java.awaitExit(LIMIT));
    assertEquals(List.of(address + " [one, two]"), java.lines());
    assertEquals(world.lab().host("b").firstIpv4().orElseThrow(), b.ipv4());
  }

  private static String text(DatagramPacket packet) {
    return new String(packet.getData(), 0, packet.getLength(), StandardCharsets.UTF_8);
  }
}
