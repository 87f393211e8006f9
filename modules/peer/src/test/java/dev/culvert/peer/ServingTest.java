package dev.culvert.peer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.culvert.identity.PeerKey;
import dev.culvert.rendezvous.call.AcceptPolicy;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.session.SessionConfig;
import dev.culvert.session.meet.MeetConfig;
import dev.culvert.transport.NetworkRuntime;
import java.net.InetAddress;
import java.security.SecureRandom;
import java.util.List;
import org.junit.jupiter.api.Test;

/** On this host's loopback addresses alone. */
class ServingTest {
  @Test
  void itIsCalledWhatPeersCallIt() throws Exception {
    MeetConfig meet =
        MeetConfig.of(
            SessionConfig.of(List.of(TwoPeers.address("127.0.0.1"))), AcceptPolicy.nobody());
    PeerKey key = PeerKey.generate(new SecureRandom());
    TransportAddress any = new TransportAddress(InetAddress.getLoopbackAddress(), 0);
    ServeConfig config =
        ServeConfig.at(any, any).reachedAt(List.of("wss://Node.example:443/", "wss://x:8443/rdv"));
    try (NetworkRuntime runtime = NetworkRuntime.create();
        PeerNode peer = PeerNode.start(runtime, PeerNodeConfig.of(key, List.of(), meet));
        Serving serving = peer.serve(config)) {
      assertEquals(List.of("wss://node.example/", "wss://x:8443/rdv"), serving.urls());
      assertEquals("wss://node.example/~" + key.id(), serving.known().toString());
    }
  }
}
