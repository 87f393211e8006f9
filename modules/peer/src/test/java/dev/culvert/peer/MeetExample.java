package dev.culvert.peer;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.culvert.identity.PeerKey;
import dev.culvert.rendezvous.Invite;
import dev.culvert.rendezvous.JoinTextException;
import dev.culvert.rendezvous.call.AcceptPolicy;
import dev.culvert.session.LocalAddress;
import dev.culvert.session.SessionConfig;
import dev.culvert.session.meet.MeetConfig;
import dev.culvert.transport.NetworkRuntime;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.util.List;

/** What the README shows. */
final class MeetExample {
  private MeetExample() {}

  static String ask(NetworkRuntime runtime, PeerKey key, LocalAddress own, String invite)
      throws IOException, JoinTextException {
    MeetConfig meet = MeetConfig.of(SessionConfig.of(List.of(own)), AcceptPolicy.nobody());
    try (PeerNode peer = PeerNode.start(runtime, PeerNodeConfig.of(key, List.of(), meet));
        DatagramSocket socket = peer.call(Invite.parse(invite), event -> {}).join().socket()) {
      socket.send(new DatagramPacket("who are you?".getBytes(UTF_8), 12));
      DatagramPacket answer = new DatagramPacket(new byte[1500], 1500);
      socket.receive(answer);
      return new String(answer.getData(), 0, answer.getLength(), UTF_8);
    }
  }
}
