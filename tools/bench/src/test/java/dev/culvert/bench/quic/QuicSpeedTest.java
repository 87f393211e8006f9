package dev.culvert.bench.quic;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.identity.PeerKey;
import dev.culvert.peer.PeerNode;
import dev.culvert.peer.PeerNodeConfig;
import dev.culvert.peer.ServeConfig;
import dev.culvert.peer.Serving;
import dev.culvert.rendezvous.call.AcceptPolicy;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.session.LocalAddress;
import dev.culvert.session.SessionConfig;
import dev.culvert.session.meet.MeetConfig;
import dev.culvert.transport.NetworkRuntime;
import java.net.InetAddress;
import java.security.SecureRandom;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The programs of {@code tools/bench/quic-speed} do what is measured there. */
@EnabledOnOs(OS.LINUX)
class QuicSpeedTest {
  private static final double MOMENT = 0.05;

  @ParameterizedTest
  @ValueSource(strings = {"bare", "bare-gso"})
  void bytesComeOverBareQuic(String name) throws Exception {
    boolean batches = name.equals("bare-gso");
    String port = QuicSpeed.bare(new BareQuic(batches), false, words(name, ""), new Bulk(false));
    Bulk sender = new Bulk(true);
    QuicSpeed.bare(new BareQuic(batches), true, words(name, port), sender);
    assertComes(sender);
  }

  @Test
  void bytesComeOverStreamsOfPeersAndManyConnect() throws Exception {
    try (NetworkRuntime runtime = NetworkRuntime.create();
        PeerNode host = host(runtime);
        Serving node = serve(host)) {
      String text = node.urls().get(0) + "~" + host.id();
      try (Peers peers = new Peers(text)) {
        String called = QuicSpeed.ours(peers, false, words("direct", ""), new Bulk(false));
        Bulk sender = new Bulk(true);
        QuicSpeed.ours(peers, true, words("direct", called), sender);
        assertComes(sender);

        QuicCrowd callers = new QuicCrowd();
        callers.call(peers, new QuicCrowd().listen(peers), 3, 2);
        String counts = callers.counts(0);
        assertTrue(counts.startsWith("{\"connected\":3,\"failed\":0,"), counts);
      }
    }
  }

  private static String[] words(String name, String called) {
    return new String[] {name, "", "", called};
  }

  private static void assertComes(Bulk sender) throws Exception {
    for (int round = 0; round < 2; round++) {
      long blocks = sender.run(MOMENT).get(QuicSpeed.PATIENCE_SECONDS, TimeUnit.SECONDS);
      assertTrue(blocks > 0, "no block came in round " + round);
    }
  }

  private static PeerNode host(NetworkRuntime runtime) {
    MeetConfig meet =
        MeetConfig.of(
            SessionConfig.of(List.of(new LocalAddress("lo", InetAddress.getLoopbackAddress()))),
            AcceptPolicy.open());
    PeerKey key = PeerKey.generate(new SecureRandom());
    return PeerNode.start(runtime, PeerNodeConfig.of(key, List.of(), meet));
  }

  private static Serving serve(PeerNode host) throws Exception {
    TransportAddress any = new TransportAddress(InetAddress.getLoopbackAddress(), 0);
    return host.serve(ServeConfig.at(any, any));
  }
}
