package dev.culvert.transport.server;

import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.stun.StunCodec;
import dev.culvert.stun.StunMessage;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;

/** A plain client on one connection. */
final class TcpAsker implements AutoCloseable {
  private static final int PATIENCE_MILLIS = 60_000;

  private final Socket socket;
  private final DataInputStream in;

  TcpAsker(Socket socket) throws IOException {
    this.socket = socket;
    socket.setSoTimeout(PATIENCE_MILLIS);
    socket.setTcpNoDelay(true);
    in = new DataInputStream(socket.getInputStream());
  }

  static TcpAsker to(TransportAddress server) throws IOException {
    return new TcpAsker(new Socket(server.ip(), server.port()));
  }

  /** One request on a connection of its own. */
  static StunMessage ask(TransportAddress server) throws IOException {
    try (TcpAsker asker = to(server)) {
      asker.send(StunCodec.encode(UdpAsker.binding()));
      return asker.receive();
    }
  }

  TransportAddress local() {
    return new TransportAddress(socket.getLocalAddress(), socket.getLocalPort());
  }

  void send(Bytes bytes) throws IOException {
    socket.getOutputStream().write(bytes.toByteArray());
    socket.getOutputStream().flush();
  }

  StunMessage receive() throws IOException {
    byte[] header = new byte[20];
    in.readFully(header);
    byte[] rest = new byte[(header[2] & 0xff) << 8 | (header[3] & 0xff)];
    in.readFully(rest);
    Bytes wire = Bytes.wrap(header).concat(Bytes.wrap(rest));
    return StunCodec.decode(wire).packet().orElseThrow().message();
  }

  /** Whether the server has ended the connection and sent nothing before. */
  boolean isEnded() throws IOException {
    try {
      return in.read() < 0;
    } catch (java.net.SocketException reset) {
      return true;
    }
  }

  /** Waits until the server ends the connection, whatever it sends before. */
  void receiveAll() throws IOException {
    try {
      in.readAllBytes();
    } catch (java.net.SocketException reset) {
      // That is an end, too.
    }
  }

  /**
   * Sends this again and again without reading; whether the server ended it before {@code most}.
   */
  boolean isCutOffWhileSending(Bytes bytes, int most) throws IOException {
    byte[] array = bytes.toByteArray();
    try {
      for (int sent = 0; sent < most; sent += array.length) {
        socket.getOutputStream().write(array);
      }
      return false;
    } catch (java.net.SocketException cutOff) {
      return true;
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
