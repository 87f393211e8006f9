package dev.culvert.transport.relay;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.sansio.Transport;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.turn.client.TurnClient;
import dev.culvert.turn.client.TurnClientConfig;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.nio.channels.IllegalBlockingModeException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Allocations as sockets. */
class RelaySocketTest {
  private final LocalRelay relay = new LocalRelay();

  @AfterEach
  void close() {
    relay.close();
  }

  private static byte[] noise(int length) {
    byte[] bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    return bytes;
  }

  private static void send(DatagramSocket from, byte[] data, TransportAddress to)
      throws IOException {
    from.send(new DatagramPacket(data, data.length, to.toSocketAddress()));
  }

  private static byte[] receive(DatagramSocket at, TransportAddress from) throws IOException {
    DatagramPacket packet = new DatagramPacket(new byte[66_000], 66_000);
    at.receive(packet);
    assertEquals(from.toSocketAddress(), packet.getSocketAddress());
    return Arrays.copyOf(packet.getData(), packet.getLength());
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "WEBSOCKET")
  void twoSocketsTalkThroughOneRelay(Transport transport) throws IOException {
    try (RelayAllocation one = relay.open(transport);
        RelayAllocation two = relay.open(Transport.UDP);
        DatagramSocket first = one.socket();
        DatagramSocket second = two.socket()) {
      LocalRelay.get(two.permit(one.relayed()));
      first.setSoTimeout(60_000);
      second.setSoTimeout(60_000);
      int largest = transport == Transport.DTLS ? 1200 : 9000;
      for (int length : new int[] {1, relay.shortest(), 3, 160, 1200, largest}) {
        send(first, noise(length), two.relayed());
        assertArrayEquals(noise(length), receive(second, one.relayed()));
        send(second, noise(length), one.relayed());
        assertArrayEquals(noise(length), receive(first, two.relayed()));
      }
      assertEquals(0, one.dropped());
    }
  }

  @Test
  void aPlainSocketIsAPeer() throws IOException {
    try (RelayAllocation allocation = relay.open(Transport.UDP);
        DatagramSocket socket = allocation.socket();
        DatagramSocket peer = new DatagramSocket(0, LocalRelay.ip("127.0.0.1"))) {
      socket.setSoTimeout(60_000);
      peer.setSoTimeout(60_000);
      TransportAddress address =
          TransportAddress.of((InetSocketAddress) peer.getLocalSocketAddress());
      socket.connect(peer.getLocalSocketAddress());
      socket.send(new DatagramPacket(noise(10), 10));
      assertArrayEquals(noise(10), receive(peer, allocation.relayed()));
      DatagramPacket packet = new DatagramPacket(new byte[100], 4, 20);
      for (int length : new int[] {3, 20, 30}) {
        send(peer, noise(length), allocation.relayed());
        socket.receive(packet);
        byte[] expected = Arrays.copyOf(noise(length), Math.min(length, 20));
        assertEquals(expected.length, packet.getLength(), "longer ones are cut");
        assertArrayEquals(
            expected, Arrays.copyOfRange(packet.getData(), 4, 4 + packet.getLength()));
      }
      assertEquals(address.toSocketAddress(), packet.getSocketAddress());
    }
  }

  @Test
  void aConnectedSocketHearsNobodyElse() throws IOException {
    try (RelayAllocation one = relay.open(Transport.UDP);
        RelayAllocation two = relay.open(Transport.UDP);
        DatagramSocket first = one.socket();
        DatagramSocket second = two.socket();
        DatagramSocket peer = new DatagramSocket(0, LocalRelay.ip("127.0.0.1"))) {
      LocalRelay.get(one.permit(two.relayed()));
      LocalRelay.get(two.permit(one.relayed()));
      first.connect(two.relayed().toSocketAddress());
      assertTrue(first.isConnected());
      assertEquals(two.relayed().port(), first.getPort());
      assertEquals(two.relayed().ip(), first.getInetAddress());
      assertEquals(two.relayed().toSocketAddress(), first.getRemoteSocketAddress());
      assertThrows(IllegalArgumentException.class, () -> send(first, noise(1), one.relayed()));
      send(peer, noise(5), one.relayed());
      send(second, noise(6), one.relayed());
      first.setSoTimeout(60_000);
      assertArrayEquals(noise(6), receive(first, two.relayed()));
      first.disconnect();
      assertFalse(first.isConnected());
      assertNull(first.getRemoteSocketAddress());
      assertEquals(-1, first.getPort());
    }
  }

  @Test
  void timeoutsAndClosingEndTheWait() {
    try (RelayAllocation allocation = relay.open(Transport.UDP)) {
      DatagramSocket socket = allocation.socket();
      DatagramPacket packet = new DatagramPacket(new byte[10], 10);
      assertThrows(IllegalStateException.class, allocation::socket, "there is one already");
      set(socket, 10);
      assertThrows(SocketTimeoutException.class, () -> socket.receive(packet));
      set(socket, 0);
      CompletableFuture<Throwable> waiting =
          CompletableFuture.supplyAsync(
              () -> assertThrows(SocketException.class, () -> socket.receive(packet)));
      socket.close();
      assertEquals("Socket closed", LocalRelay.get(waiting).getMessage());
      assertTrue(socket.isClosed());
      assertNull(socket.getLocalSocketAddress());
      assertEquals(-1, socket.getLocalPort());
      assertThrows(SocketException.class, () -> send(socket, noise(1), allocation.relayed()));
      assertThrows(SocketException.class, () -> socket.setSoTimeout(1));
      socket.close();
      try (DatagramSocket another = allocation.socket()) {
        assertFalse(another.isClosed(), "the allocation stands");
      }
    }
  }

  private static void set(DatagramSocket socket, int millis) {
    try {
      socket.setSoTimeout(millis);
      assertEquals(millis, socket.getSoTimeout());
    } catch (SocketException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void lossWakesWhoeverWaits() {
    TurnClientConfig hasty = relay.config(Transport.UDP).withKeepalive(Duration.ofSeconds(1));
    try (RelayAllocation allocation = LocalRelay.get(RelayAllocation.open(relay.runtime, hasty));
        DatagramSocket socket = allocation.socket()) {
      relay.server.close();
      SocketException lost =
          assertThrows(
              SocketException.class, () -> socket.receive(new DatagramPacket(new byte[10], 10)));
      assertTrue(lost.toString().contains("the allocation is lost: "), lost.toString());
      assertThrows(SocketException.class, () -> send(socket, noise(1), allocation.relayed()));
    }
  }

  @Test
  void aPeerThatTheRelayForbidsIsToldToTheSender() throws IOException {
    try (RelayAllocation allocation = relay.open(Transport.UDP);
        DatagramSocket socket = allocation.socket()) {
      TransportAddress forbidden = new TransportAddress(LocalRelay.ip("10.1.2.3"), 1);
      RelayException refused =
          assertThrows(
              RelayException.class,
              () -> {
                long begin = System.nanoTime();
                while (System.nanoTime() - begin < Duration.ofSeconds(20).toNanos()) {
                  send(socket, noise(1), forbidden);
                }
              });
      assertEquals(403, refused.code());
    }
  }

  @Test
  void theQueueIsBoundedAndWhatItDoesNotHoldIsCounted() throws IOException {
    try (RelayAllocation one = relay.open(Transport.UDP);
        RelayAllocation two = relay.open(Transport.TCP);
        DatagramSocket first = one.socket();
        DatagramSocket second = two.socket()) {
      LocalRelay.get(two.permit(one.relayed()));
      while (two.dropped() < 100) {
        send(first, noise(10), two.relayed());
      }
      second.setSoTimeout(50);
      int kept = 0;
      try {
        for (; kept < 100_000; kept++) {
          receive(second, one.relayed());
          if (kept == 1023) {
            LocalRelay.get(one.closeSoon());
          }
        }
      } catch (SocketTimeoutException e) {
        assertTrue(kept >= 1024, "kept " + kept);
      }
      assertTrue(kept < 100_000);
    }
  }

  @Test
  void whatARelayedSocketCannotDoIsSaid() throws IOException {
    try (RelayAllocation allocation = relay.open(Transport.UDP);
        DatagramSocket socket = allocation.socket()) {
      assertEquals(allocation.relayed().toSocketAddress(), socket.getLocalSocketAddress());
      assertEquals(allocation.relayed().ip(), socket.getLocalAddress());
      assertEquals(allocation.relayed().port(), socket.getLocalPort());
      assertTrue(socket.isBound());
      assertNull(socket.getChannel());
      assertFalse(socket.getBroadcast() || socket.getReuseAddress());
      assertEquals(0, socket.getTrafficClass());
      socket.setBroadcast(true);
      socket.setReuseAddress(true);
      socket.setTrafficClass(4);
      socket.setSendBufferSize(5);
      socket.setReceiveBufferSize(6);
      assertTrue(socket.getBroadcast() && socket.getReuseAddress());
      assertEquals(4, socket.getOption(StandardSocketOptions.IP_TOS));
      assertEquals(5, socket.getSendBufferSize());
      assertEquals(6, socket.getReceiveBufferSize());
      assertEquals(5, socket.supportedOptions().size());
      for (org.junit.jupiter.api.function.Executable impossible :
          new org.junit.jupiter.api.function.Executable[] {
            () -> socket.bind(null),
            () -> socket.joinGroup(null, null),
            () -> socket.leaveGroup(null, null),
            () -> socket.connect(InetSocketAddress.createUnresolved("peer.example", 1)),
            () -> send(socket, new byte[TurnClient.MOST_DATA + 1], allocation.relayed())
          }) {
        assertThrows(SocketException.class, impossible);
      }
      assertThrows(IllegalArgumentException.class, () -> socket.setReceiveBufferSize(0));
      assertThrows(
          UnsupportedOperationException.class,
          () -> socket.setOption(StandardSocketOptions.IP_MULTICAST_TTL, 1));
      assertThrows(
          UnsupportedOperationException.class,
          () -> socket.getOption(StandardSocketOptions.IP_MULTICAST_TTL));
      assertThrows(
          IllegalArgumentException.class, () -> socket.send(new DatagramPacket(noise(1), 1)));
      CompletableFuture<Throwable> onTheLoop = new CompletableFuture<>();
      allocation
          .loop()
          .execute(
              () ->
                  onTheLoop.complete(
                      assertThrows(
                          IllegalBlockingModeException.class,
                          () -> socket.receive(new DatagramPacket(new byte[1], 1)))));
      assertSame(IllegalBlockingModeException.class, LocalRelay.get(onTheLoop).getClass());
    }
  }
}
