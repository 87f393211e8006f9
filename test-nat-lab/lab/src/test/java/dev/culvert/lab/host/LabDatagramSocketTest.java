package dev.culvert.lab.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.lab.LabException;
import dev.culvert.lab.spec.LabSpec;
import dev.culvert.lab.world.SimWorld;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The JDK's socket as programs know it, on a simulated host. */
class LabDatagramSocketTest {
  private SimWorld world;
  private WorldHosts hosts;
  private DatagramSocket client;
  private DatagramSocket server;

  @BeforeEach
  void start() throws LabException {
    world = SimWorld.up(LabSpec.builder().home("a", "full").build());
    hosts = WorldHosts.of(world);
    client = hosts.host("a").udp().asDatagramSocket();
    server = hosts.host("s1").udp(7000).asDatagramSocket();
  }

  @AfterEach
  void end() throws LabException {
    hosts.close();
    world.close();
  }

  @Test
  void packetsAreCutToTheRoomTheyGet() throws Exception {
    client.send(packet("hello"));
    DatagramPacket small = new DatagramPacket(new byte[10], 6, 4);
    server.receive(small);
    assertEquals("hell", new String(small.getData(), 6, 4, StandardCharsets.UTF_8));
    assertEquals(4, small.getLength());
    assertEquals(world.addresses().getOrDefault("a-nat", List.of()).get(0), small.getAddress());
    server.send(new DatagramPacket(new byte[3], 3, small.getSocketAddress()));
    DatagramPacket large = new DatagramPacket(new byte[100], 100);
    client.receive(large);
    assertEquals(3, large.getLength());
    assertEquals(server.getLocalSocketAddress(), large.getSocketAddress());
  }

  @Test
  void timeoutsRunInVirtualTime() throws Exception {
    client.setSoTimeout(3_600_000);
    assertEquals(3_600_000, client.getSoTimeout());
    Duration before = world.elapsed();
    DatagramPacket packet = new DatagramPacket(new byte[1], 1);
    assertThrows(SocketTimeoutException.class, () -> client.receive(packet));
    assertEquals(Duration.ofHours(1), world.elapsed().minus(before));
  }

  @Test
  void connectedSocketsHearTheirPartnerAlone() throws Exception {
    DatagramSocket stranger = hosts.host("s2").udp(7000).asDatagramSocket();
    client.connect(server.getLocalSocketAddress());
    assertTrue(client.isConnected());
    assertEquals(7000, client.getPort());
    client.send(new DatagramPacket("hello".getBytes(StandardCharsets.UTF_8), 5));
    DatagramPacket heard = new DatagramPacket(new byte[9], 9);
    server.receive(heard);
    stranger.send(new DatagramPacket(new byte[1], 1, heard.getSocketAddress()));
    world.pass(Duration.ofSeconds(1));
    server.send(new DatagramPacket(new byte[2], 2, heard.getSocketAddress()));
    client.setSoTimeout(1000);
    client.receive(heard);
    assertEquals(2, heard.getLength());
    client.disconnect();
    assertFalse(client.isConnected());
  }

  @Test
  void closingEndsWhoeverReceives() throws Exception {
    Started<Boolean> reader =
        hosts
            .host("s1")
            .start(
                host -> {
                  try {
                    server.receive(new DatagramPacket(new byte[1], 1));
                    return false;
                  } catch (SocketException e) {
                    return server.isClosed();
                  }
                });
    world.pass(Duration.ofSeconds(1));
    assertFalse(reader.isDone());
    server.close();
    assertTrue(reader.await(Duration.ofSeconds(1)));
    assertEquals(-1, server.getLocalPort());
  }

  @Test
  void itIsBoundAlready() {
    assertTrue(client.isBound());
    assertThrows(SocketException.class, () -> client.bind(new InetSocketAddress(7000)));
  }

  private DatagramPacket packet(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return new DatagramPacket(bytes, bytes.length, server.getLocalSocketAddress());
  }
}
