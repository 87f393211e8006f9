package dev.culvert.lab.host;

import dev.culvert.sansio.Bytes;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;

/**
 * Sockets inside a namespace for a JVM outside of it, which cannot enter: the program that {@link
 * AgentLink} starts on a host. Frames come on its standard input and go to its standard output; it
 * ends with its input.
 */
final class Agent {
  private static final int MOST_SOCKETS = 1000;

  private final DataInputStream in;
  private final DataOutputStream out;
  private final Map<Integer, DatagramSocket> sockets = new HashMap<>();

  Agent(InputStream in, OutputStream out) {
    this.in = new DataInputStream(new BufferedInputStream(in));
    this.out = new DataOutputStream(new BufferedOutputStream(out, 1 << 17));
  }

  public static void main(String[] words) throws IOException {
    new Agent(System.in, System.out).run();
    // Threads may still wait for datagrams that nobody wants any more.
    Runtime.getRuntime().halt(0);
  }

  void run() throws IOException {
    try {
      while (true) {
        perform(Frame.read(in));
      }
    } catch (EOFException e) {
      sockets.values().forEach(DatagramSocket::close);
    }
  }

  private void perform(Frame frame) throws IOException {
    switch (frame.kind()) {
      case OPEN -> open(frame);
      case SEND -> send(frame);
      case CLOSE -> close(frame.socket());
      default -> throw new IOException(frame.kind() + " is not for agents");
    }
  }

  private void open(Frame frame) throws IOException {
    if (sockets.size() >= MOST_SOCKETS) {
      tell(Frame.failed(frame.socket(), "it has " + MOST_SOCKETS + " sockets already"));
      return;
    }
    DatagramSocket socket;
    try {
      socket =
          frame.address().isEmpty()
              ? new DatagramSocket(frame.port())
              : new DatagramSocket(new InetSocketAddress(frame.ip(), frame.port()));
    } catch (IOException e) {
      tell(Frame.failed(frame.socket(), String.valueOf(e.getMessage())));
      return;
    }
    sockets.put(frame.socket(), socket);
    tell(Frame.opened(frame.socket(), socket.getLocalPort()));
    Thread reader = new Thread(() -> read(frame.socket(), socket), "socket-" + frame.socket());
    reader.setDaemon(true);
    reader.start();
  }

  private void send(Frame frame) throws IOException {
    DatagramSocket socket = sockets.get(frame.socket());
    if (socket == null) {
      return;
    }
    byte[] payload = frame.payload().toByteArray();
    try {
      socket.send(new DatagramPacket(payload, payload.length, frame.ip(), frame.port()));
    } catch (IOException e) {
      // No route, or a rule that forbids it: lost, as anywhere else on the way.
    }
  }

  private void close(int id) {
    DatagramSocket socket = sockets.remove(id);
    if (socket != null) {
      socket.close();
    }
  }

  private void read(int id, DatagramSocket socket) {
    DatagramPacket packet = new DatagramPacket(new byte[0xffff], 0xffff);
    try {
      while (true) {
        packet.setLength(0xffff);
        socket.receive(packet);
        byte[] payload = new byte[packet.getLength()];
        System.arraycopy(packet.getData(), packet.getOffset(), payload, 0, payload.length);
        tell(
            new Frame(
                Frame.Kind.ARRIVED,
                id,
                Frame.address(packet.getAddress()),
                packet.getPort(),
                Bytes.wrap(payload)));
      }
    } catch (IOException e) {
      // The socket was closed, or nobody reads our output any more.
    }
  }

  private void tell(Frame frame) throws IOException {
    synchronized (out) {
      frame.write(out);
      out.flush();
    }
  }
}
