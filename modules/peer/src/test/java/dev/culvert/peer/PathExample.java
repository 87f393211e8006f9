package dev.culvert.peer;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.culvert.ice.IceConfig;
import dev.culvert.ice.IceRole;
import dev.culvert.ice.text.IceJson;
import dev.culvert.ice.text.IceTextException;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.util.function.UnaryOperator;

/** What the README shows. */
final class PathExample {
  private PathExample() {}

  static String ask(SessionEngine engine, UnaryOperator<String> signalling)
      throws IOException, IceTextException {
    try (SessionConnection peer = engine.open(IceConfig.standard(IceRole.CONTROLLING), e -> {})) {
      peer.remote(IceJson.parse(signalling.apply(IceJson.format(peer.complete().join()))));
      peer.peerBegan();
      peer.connected().join();
      try (DatagramSocket socket = peer.socket()) {
        socket.send(new DatagramPacket("who are you?".getBytes(UTF_8), 12));
        DatagramPacket answer = new DatagramPacket(new byte[1500], 1500);
        socket.receive(answer);
        return new String(answer.getData(), 0, answer.getLength(), UTF_8);
      }
    }
  }
}
