package dev.culvert.peer;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.culvert.identity.PeerKey;
import dev.culvert.rendezvous.Invite;
import dev.culvert.rendezvous.JoinTextException;
import dev.culvert.rendezvous.call.AcceptPolicy;
import dev.culvert.transport.NetworkRuntime;
import java.io.IOException;
import java.util.List;

/** What the README shows. */
final class ConnectExample {
  private ConnectExample() {}

  static String ask(NetworkRuntime runtime, PeerKey key, String invite)
      throws IOException, JoinTextException {
    PeerNodeConfig config = PeerNodeConfig.here(key, List.of(), AcceptPolicy.nobody());
    try (PeerNode peer = PeerNode.start(runtime, config);
        PeerConnection connection = peer.connect(Invite.parse(invite), event -> {}).join();
        PeerStream stream = connection.open().join()) {
      stream.output().write("who are you?".getBytes(UTF_8));
      stream.output().close();
      return new String(stream.input().readAllBytes(), UTF_8);
    }
  }
}
