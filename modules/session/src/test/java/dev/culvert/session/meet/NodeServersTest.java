package dev.culvert.session.meet;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.culvert.identity.PeerId;
import dev.culvert.identity.PeerKey;
import dev.culvert.rendezvous.NodeUrl;
import dev.culvert.rendezvous.client.NodeOffer;
import dev.culvert.rendezvous.wire.Frame;
import dev.culvert.sansio.IpLiterals;
import dev.culvert.sansio.TransportAddress;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NodeServersTest {
  private final NodeServers servers = new NodeServers(1);
  private final Random random = new Random(6);

  private NodeOffer offer(String url, List<Frame.RelayOffer> relays, List<String> stun) {
    PeerId node = PeerKey.generate(random).id();
    TransportAddress observed =
        new TransportAddress(IpLiterals.parse("198.51.100.7").orElseThrow(), 4000);
    return new NodeOffer(node, NodeUrl.parse(url).orElseThrow(), relays, stun, observed);
  }

  private static Frame.RelayOffer relay(String user) {
    return new Frame.RelayOffer(
        "turn:203.0.113.1:3478?transport=udp", user, "password", Instant.ofEpochSecond(1));
  }

  @Test
  void aRelayThatNobodyCanUseDoesNotTakeTheOthersAway() {
    servers.attached(offer("wss://203.0.113.1/", List.of(relay("somebody")), List.of()));
    for (String odd : List.of("", "a\nb", "x".repeat(600))) {
      servers.attached(offer("wss://203.0.113.1/", List.of(relay(odd)), List.of()));
    }
    assertEquals(1, servers.relays().size());
    assertEquals(3, servers.skipped());
  }

  @ParameterizedTest
  @CsvSource({
    "wss://203.0.113.1/, 203.0.113.2:3478, 1",
    "wss://203.0.113.1/, 192.168.1.1:3478, 1",
    "wss://203.0.113.1/, 127.0.0.1:3478, 0",
    "wss://203.0.113.1/, 169.254.169.254:80, 0",
    "wss://203.0.113.1/, 0.0.0.0:3478, 0",
    "wss://203.0.113.1/, 224.0.0.251:5353, 0",
    "wss://203.0.113.1/, [::1]:3478, 0",
    "wss://203.0.113.1/, [ff02::fb]:5353, 0",
    "ws://127.0.0.1:8080/, 127.0.0.1:3478, 1",
    "ws://127.0.0.1:8080/, 169.254.1.1:3478, 0",
    "ws://localhost:8080/, 127.0.0.1:3478, 1"
  })
  void onlyANodeOnThisHostHasServersOnIt(String url, String stun, int count) {
    servers.attached(offer(url, List.of(), List.of(stun)));
    assertEquals(count, servers.servers().size());
  }

  @Test
  void namesThatAreLookedUpAreBounded() {
    for (int i = 0; i < 60; i++) {
      servers.attached(offer("wss://203.0.113.1/", List.of(), List.of("s" + i + ".example:3478")));
    }
    int asked = 0;
    while (servers.pollOutput().isPresent()) {
      asked++;
    }
    assertEquals(32, asked);
  }
}
