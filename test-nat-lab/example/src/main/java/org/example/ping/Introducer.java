package org.example.ping;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.util.HashMap;
import java.util.Map;

/**
 * The one machine that both peers can reach. It sees where each peer's packets come from, which is
 * the outside endpoint of the peer's NAT, and tells the other one.
 */
public final class Introducer {
  private final DatagramSocket socket;
  private final Map<String, InetSocketAddress> waiting = new HashMap<>();

  public Introducer(DatagramSocket socket) {
    this.socket = socket;
  }

  /** Serves until the socket is closed; returns how many pairs it brought together. */
  public int run() throws IOException {
    int pairs = 0;
    while (!socket.isClosed()) {
      Message heard;
      try {
        heard = Message.receive(socket);
      } catch (SocketException e) {
        break; // Closed: that is how a server ends.
      }
      if (!heard.word().equals("HELLO")) {
        continue;
      }
      InetSocketAddress first = waiting.putIfAbsent(heard.rest(), heard.partner());
      if (first != null && !first.equals(heard.partner())) {
        // The first one stays in the room: either answer may get lost, and then that peer asks once more.
        new Message("PEER", Message.text(first), heard.partner()).send(socket);
        new Message("PEER", Message.text(heard.partner()), first).send(socket);
        pairs++;
      }
    }
    return pairs;
  }
}
