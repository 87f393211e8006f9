package dev.culvert.it;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.sansio.Bytes;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;

/** Connections that begin TLS and go no further: they take nobody's place, and not for ever. */
final class HalfOpenTls implements Attack {
  private static final int CONNECTIONS = 60;
  private static final int PATIENCE_MILLIS = 100_000;

  /** A record that promises a ClientHello of 512 bytes, and the first two bytes of it. */
  private static final Bytes BEGINNING = Bytes.hex("16030102000100");

  @Override
  public void on(Target relay) throws Exception {
    List<Socket> sockets = new ArrayList<>();
    try {
      for (int i = 0; i < CONNECTIONS; i++) {
        Socket socket = new Socket(relay.ipv4(), RelayUnderTest.TLS_PORT);
        sockets.add(socket);
        socket.getOutputStream().write(BEGINNING.slice(0, i % 8).toByteArray());
      }
      relay.servesOthers();
      for (Socket socket : sockets) {
        assertTrue(isClosedByTheRelay(socket), "a connection that is never finished stays open");
      }
    } finally {
      for (Socket socket : sockets) {
        socket.close();
      }
    }
  }

  private static boolean isClosedByTheRelay(Socket socket) throws IOException {
    socket.setSoTimeout(PATIENCE_MILLIS);
    try {
      return socket.getInputStream().read(new byte[100]) < 0;
    } catch (SocketTimeoutException e) {
      return false;
    } catch (IOException e) {
      return true;
    }
  }
}
