package dev.culvert.peer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.identity.PeerKey;
import dev.culvert.rendezvous.Invite;
import dev.culvert.rendezvous.KnownNode;
import dev.culvert.rendezvous.NodeSource;
import dev.culvert.rendezvous.NodeUrl;
import dev.culvert.rendezvous.call.AcceptPolicy;
import dev.culvert.rendezvous.call.InviteSecret;
import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.session.SessionConfig;
import dev.culvert.session.meet.MeetConfig;
import dev.culvert.transport.NetworkRuntime;
import java.net.InetAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

/** What a peer that serves believes, and hands out. */
class ServingTest {
  private static KnownNode node(int number, NodeSource source) {
    NodeUrl url = NodeUrl.parse("wss://n" + number + ".example/").orElseThrow();
    return new KnownNode(Optional.empty(), List.of(url), source);
  }

  @Test
  void hearsayMakesNoTrustedNeighbour() {
    List<KnownNode> known = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      known.add(node(i, NodeSource.TOLD));
      known.add(node(100 + i, NodeSource.LOCAL));
    }
    assertEquals(List.of(), Serving.trusted(known));
    for (int i = 0; i < 10; i++) {
      known.add(node(200 + i, NodeSource.CACHED));
      known.add(node(300 + i, NodeSource.INVITED));
    }
    assertEquals(known.subList(40, 56), Serving.trusted(known));
  }

  @Test
  void onlySoManyInvitesHoldAndThePolicysAlways() {
    InviteSecret standing =
        new InviteSecret(
            Bytes.wrap(new byte[Invite.SECRET]), Instant.now().plus(Duration.ofDays(1)), false);
    try (NetworkRuntime runtime = NetworkRuntime.create();
        PeerNode peer =
            PeerNode.start(
                runtime,
                PeerNodeConfig.of(
                    PeerKey.generate(new SecureRandom()),
                    List.of(),
                    MeetConfig.of(
                        SessionConfig.of(List.of(TwoPeers.address("127.0.0.1"))),
                        AcceptPolicy.nobody().inviting(List.of(standing)))))) {
      for (int i = 0; i < 63; i++) {
        peer.invite(Duration.ofHours(1), false).join();
      }
      CompletableFuture<Invite> oneMore = peer.invite(Duration.ofHours(1), false);
      CompletionException refused = assertThrows(CompletionException.class, oneMore::join);
      String why = assertInstanceOf(IllegalStateException.class, refused.getCause()).toString();
      assertTrue(why.contains("64 invites hold"), why);
    }
  }

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
