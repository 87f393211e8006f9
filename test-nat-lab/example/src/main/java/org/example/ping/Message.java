package org.example.ping;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;

/** A word and what belongs to it, from or to somebody. */
record Message(String word, String rest, InetSocketAddress partner) {

  static Message receive(DatagramSocket socket) throws IOException {
    DatagramPacket packet = new DatagramPacket(new byte[512], 512);
    socket.receive(packet);
    String text = new String(packet.getData(), 0, packet.getLength(), StandardCharsets.UTF_8);
    String[] parts = text.split(" ", 2);
    return new Message(
        parts[0],
        parts.length > 1 ? parts[1] : "",
        (InetSocketAddress) packet.getSocketAddress());
  }

  void send(DatagramSocket socket) throws IOException {
    byte[] bytes = (word + " " + rest).getBytes(StandardCharsets.UTF_8);
    socket.send(new DatagramPacket(bytes, bytes.length, partner));
  }

  static String text(InetSocketAddress address) {
    return address.getAddress().getHostAddress() + " " + address.getPort();
  }

  /** Reads what {@link #text} wrote; a literal address is never looked up. */
  static InetSocketAddress address(String text) throws IOException {
    String[] parts = text.split(" ");
    return new InetSocketAddress(InetAddress.getByName(parts[0]), Integer.parseInt(parts[1]));
  }
}
