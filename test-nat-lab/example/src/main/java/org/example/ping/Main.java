package org.example.ping;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.util.Optional;

/** The program as its users run it. */
public final class Main {
  private Main() {}

  public static void main(String[] words) throws IOException {
    if (words.length == 2 && words[0].equals("introduce")) {
      try (DatagramSocket socket = new DatagramSocket(Integer.parseInt(words[1]))) {
        System.out.println("ready");
        new Introducer(socket).run();
      }
    } else if (words.length == 4 && words[0].equals("ping")) {
      InetSocketAddress introducer = new InetSocketAddress(words[1], Integer.parseInt(words[2]));
      try (DatagramSocket socket = new DatagramSocket()) {
        Optional<InetSocketAddress> peer = new Peer(socket, introducer, words[3]).run();
        System.out.println(peer.map(at -> "direct: " + Message.text(at)).orElse("unreachable"));
        System.exit(peer.isPresent() ? 0 : 1);
      }
    } else {
      System.err.println("usage: introduce PORT | ping INTRODUCER PORT ROOM");
      System.exit(2);
    }
  }
}
