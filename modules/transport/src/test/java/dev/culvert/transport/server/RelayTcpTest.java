package dev.culvert.transport.server;

import static dev.culvert.transport.server.RelayServerTest.noise;
import static dev.culvert.transport.server.UdpAsker.ip;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.Transport;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.stun.MessageClass;
import dev.culvert.stun.Method;
import dev.culvert.stun.StunMessage;
import dev.culvert.stun.attribute.ConnectionId;
import dev.culvert.stun.attribute.XorPeerAddress;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** TCP allocations (RFC 6062). */
class RelayTcpTest {
  private static final int MUCH = 20 << 20;

  private static TransportAddress tcp(StunServer server) {
    return server.addresses(Transport.TCP).get(0);
  }

  private static TransportAddress address(ServerSocket listening) {
    return TransportAddress.of((InetSocketAddress) listening.getLocalSocketAddress());
  }

  /** A peer that listens, and the connection to it that the client asked for. */
  private static final class Joined implements AutoCloseable {
    final RelayAsker.StreamWire data;
    final RelayAsker binder;
    final Socket peer;

    Joined(StunServer server, RelayAsker control) throws IOException {
      try (ServerSocket listening = new ServerSocket(0, 5, ip("127.0.0.1"))) {
        control.permit(address(listening));
        StunMessage answer = control.ask(Method.CONNECT, new XorPeerAddress(address(listening)));
        assertEquals(MessageClass.SUCCESS_RESPONSE, answer.messageClass(), answer.toString());
        listening.setSoTimeout(60_000);
        peer = listening.accept();
        peer.setSoTimeout(60_000);
        data = new RelayAsker.StreamWire(new Socket(tcp(server).ip(), tcp(server).port()));
        binder = new RelayAsker(data);
        binder.ask(Method.CONNECTION_BIND, answer.first(ConnectionId.class).orElseThrow());
      }
    }

    @Override
    public void close() throws IOException {
      data.close();
      peer.close();
    }
  }

  @ParameterizedTest
  @CsvSource({"false,1", "true,1", "false,3", "true,3"})
  void joinsAConnectionThatTheClientAskedFor(boolean nio, int threads) throws Exception {
    try (StunServer server = RelayServerTest.start(nio, threads);
        RelayAsker control = RelayAsker.tcp(tcp(server))) {
      TransportAddress relayed = control.allocateTcp();
      for (int i = 0; i < 4; i++) {
        try (Joined joined = new Joined(server, control)) {
          assertEquals(
              relayed,
              TransportAddress.of((InetSocketAddress) joined.peer.getRemoteSocketAddress()));
          Bytes up = noise(5000, i);
          joined.data.socket.getOutputStream().write(up.toByteArray());
          assertArrayEquals(up.toByteArray(), joined.peer.getInputStream().readNBytes(5000));
          Bytes down = noise(5000, -i);
          joined.peer.getOutputStream().write(down.toByteArray());
          assertArrayEquals(
              down.toByteArray(), joined.data.socket.getInputStream().readNBytes(5000));
          // Half of it ends, the other half goes on.
          joined.data.socket.shutdownOutput();
          assertEquals(-1, joined.peer.getInputStream().read());
          joined.peer.getOutputStream().write(7);
          assertEquals(7, joined.data.socket.getInputStream().read());
          joined.peer.close();
          assertEquals(-1, joined.data.socket.getInputStream().read());
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void joinsAConnectionThatAPeerMade(boolean nio) throws Exception {
    try (StunServer server = RelayServerTest.start(nio, 2);
        RelayAsker control = RelayAsker.tcp(tcp(server))) {
      TransportAddress relayed = control.allocateTcp();
      control.permit(new TransportAddress(ip("127.0.0.1"), 1));
      try (Socket peer = new Socket(relayed.ip(), relayed.port());
          RelayAsker.StreamWire data =
              new RelayAsker.StreamWire(new Socket(tcp(server).ip(), tcp(server).port()))) {
        // What the peer says at once waits for the client.
        peer.getOutputStream().write(noise(3000, 1).toByteArray());
        peer.shutdownOutput();
        StunMessage attempt = RelayAsker.decode(control.receive());
        assertEquals(Method.CONNECTION_ATTEMPT, attempt.method());
        assertEquals(
            TransportAddress.of((InetSocketAddress) peer.getLocalSocketAddress()),
            attempt.first(XorPeerAddress.class).orElseThrow().address());
        new RelayAsker(data)
            .ask(Method.CONNECTION_BIND, attempt.first(ConnectionId.class).orElseThrow());
        assertArrayEquals(
            noise(3000, 1).toByteArray(), data.socket.getInputStream().readAllBytes());
        data.socket.getOutputStream().write(noise(100, 2).toByteArray());
        data.socket.shutdownOutput();
        assertArrayEquals(noise(100, 2).toByteArray(), peer.getInputStream().readAllBytes());
      }
    }
  }

  @Test
  void refusesPeersWithoutAPermission() throws Exception {
    try (StunServer server = RelayServerTest.start(false, 1);
        RelayAsker control = RelayAsker.tcp(tcp(server))) {
      TransportAddress relayed = control.allocateTcp();
      try (Socket stranger = new Socket()) {
        stranger.bind(new InetSocketAddress(ip("127.0.0.3"), 0));
        stranger.connect(relayed.toSocketAddress());
        stranger.setSoTimeout(60_000);
        assertEquals(-1, stranger.getInputStream().read());
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"false,1", "true,1", "false,2"})
  void readsNoFasterThanTheOtherSideTakes(boolean nio, int threads) throws Exception {
    try (StunServer server = RelayServerTest.start(nio, threads);
        RelayAsker control = RelayAsker.tcp(tcp(server))) {
      control.allocateTcp();
      try (Joined joined = new Joined(server, control)) {
        byte[] all = noise(MUCH, 5).toByteArray();
        AtomicLong progress = new AtomicLong();
        CompletableFuture<Integer> written = new CompletableFuture<>();
        Thread writer =
            new Thread(
                () -> {
                  try {
                    for (int at = 0; at < MUCH; at += 1 << 16) {
                      joined.peer.getOutputStream().write(all, at, 1 << 16);
                      progress.addAndGet(1 << 16);
                    }
                    joined.peer.shutdownOutput();
                    written.complete(MUCH);
                  } catch (IOException e) {
                    written.completeExceptionally(e);
                  }
                });
        writer.start();
        long last = -1;
        while (progress.get() != last) {
          last = progress.get();
          Thread.sleep(300);
        }
        assertTrue(last < MUCH, "all of it went somewhere");
        assertArrayEquals(all, joined.data.socket.getInputStream().readAllBytes());
        assertEquals(MUCH, written.get());
        writer.join();
      }
    }
  }
}
