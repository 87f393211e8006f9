package dev.culvert.peer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.sansio.Bytes;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A connection's path as a socket. */
class SocketViewTest {

  private static byte[] noise(int length) {
    byte[] bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    return bytes;
  }

  private static void send(DatagramSocket from, byte[] data) throws IOException {
    from.send(new DatagramPacket(data, data.length));
  }

  private static byte[] receive(DatagramSocket at) throws IOException {
    DatagramPacket packet = new DatagramPacket(new byte[66_000], 66_000);
    at.receive(packet);
    assertEquals(at.getRemoteSocketAddress(), packet.getSocketAddress());
    return Arrays.copyOf(packet.getData(), packet.getLength());
  }

  @Test
  void twoSocketsTalkOverThePath() throws IOException {
    try (TwoPeers peers = new TwoPeers("127.0.0.1").connect();
        DatagramSocket here = peers.one.connection.socket();
        DatagramSocket there = peers.two.connection.socket()) {
      TwoPeers.settle(peers.one.connection);
      TwoPeers.settle(peers.two.connection);
      here.setSoTimeout(60_000);
      there.setSoTimeout(60_000);
      for (int length : new int[] {1, 20, 1200, 9000, 65_000}) {
        send(here, noise(length));
        assertArrayEquals(noise(length), receive(there));
        there.send(new DatagramPacket(noise(length), length, there.getRemoteSocketAddress()));
        assertArrayEquals(noise(length), receive(here));
      }
      assertTrue(peers.one.data.isEmpty() && peers.two.data.isEmpty());
      assertThrows(SocketException.class, () -> send(here, noise(65_001)));
    }
  }

  @Test
  void itsAddressesAreConstantAndLeadToThePeerAlone() throws IOException {
    try (TwoPeers peers = new TwoPeers("127.0.0.1");
        DatagramSocket socket = peers.one.connection.socket()) {
      InetSocketAddress peer = (InetSocketAddress) socket.getRemoteSocketAddress();
      assertTrue(socket.isConnected() && socket.isBound());
      assertEquals(peer.getPort(), socket.getPort());
      assertTrue(socket.getLocalPort() > 0);
      socket.connect(peer);
      socket.connect(peer.getAddress(), peer.getPort());
      socket.disconnect();
      InetSocketAddress other = new InetSocketAddress(InetAddress.getLoopbackAddress(), 9);
      assertThrows(SocketException.class, () -> socket.connect(other));
      assertThrows(IllegalArgumentException.class, () -> socket.connect(other.getAddress(), 9));
      assertThrows(
          SocketException.class, () -> socket.send(new DatagramPacket(noise(1), 1, other)));
      socket.setReceiveBufferSize(1 << 20);
      socket.setTrafficClass(4);
      // Nobody is there yet, and so nobody gets it.
      socket.send(new DatagramPacket(noise(1), 1, peer));
      socket.setSoTimeout(10);
      assertThrows(SocketTimeoutException.class, () -> receive(socket));
    }
  }

  @Test
  void theConnectionsEndWakesWhoeverWaits() {
    try (TwoPeers peers = new TwoPeers("127.0.0.1").connect()) {
      DatagramSocket socket = peers.one.connection.socket();
      assertThrows(IllegalStateException.class, peers.one.connection::socket);
      CompletableFuture<SocketException> waiting =
          CompletableFuture.supplyAsync(
              () -> assertThrows(SocketException.class, () -> receive(socket)));
      peers.one.connection.close();
      assertEquals("the connection is closed", waiting.join().getMessage());
      assertThrows(SocketException.class, () -> send(socket, noise(1)));
      socket.close();
      DatagramSocket late = peers.one.connection.socket();
      assertThrows(SocketException.class, () -> receive(late));
    }
  }

  @Test
  void aClosedSocketLeavesTheConnectionAndItsData() throws IOException {
    try (TwoPeers peers = new TwoPeers("127.0.0.1").connect()) {
      DatagramSocket socket = peers.two.connection.socket();
      CompletableFuture<SocketException> waiting =
          CompletableFuture.supplyAsync(
              () -> assertThrows(SocketException.class, () -> receive(socket)));
      socket.close();
      assertEquals("Socket closed", waiting.orTimeout(60, TimeUnit.SECONDS).join().getMessage());
      peers.one.connection.send(Bytes.utf8("to the listener"));
      assertEquals(Bytes.utf8("to the listener"), TwoPeers.next(peers.two.data));
    }
  }

  @Test
  void whatComesWhileASocketIsBeingClosedGoesToTheListener() {
    try (TwoPeers peers = new TwoPeers("127.0.0.1").connect()) {
      for (int i = 0; i < 300; i++) {
        DatagramSocket socket = peers.two.connection.socket();
        // Once this is answered, the loop has opened it, and data is diverted to it.
        TwoPeers.settle(peers.two.connection);
        Bytes data = Bytes.utf8("to the listener " + i);
        socket.close();
        peers.one.connection.send(data);
        assertEquals(data, TwoPeers.next(peers.two.data));
      }
    }
  }

  @Test
  void whoeverSendsFasterThanTheLoopIsHeldUpAndLosesNothingOfHis() throws IOException {
    try (TwoPeers peers = new TwoPeers("127.0.0.1").connect();
        DatagramSocket here = peers.one.connection.socket();
        DatagramSocket there = peers.two.connection.socket()) {
      TwoPeers.settle(peers.two.connection);
      there.setSoTimeout(60_000);
      for (int i = 0; i < 20; i++) {
        for (int k = 0; k < 100; k++) {
          send(here, new byte[] {(byte) i, (byte) k});
        }
        for (int k = 0; k < 100; k++) {
          assertArrayEquals(new byte[] {(byte) i, (byte) k}, receive(there));
        }
      }
      assertEquals(0, peers.two.connection.dropped());
    }
  }
}
