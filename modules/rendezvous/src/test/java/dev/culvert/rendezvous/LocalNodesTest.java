package dev.culvert.rendezvous;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.culvert.identity.PeerId;
import dev.culvert.identity.PeerKey;
import dev.culvert.sansio.Answer;
import dev.culvert.sansio.IpLiterals;
import dev.culvert.sansio.LocalService;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LocalNodesTest {
  private static final PeerId NODE = PeerKey.generate(new Random(1)).id();

  private static InetAddress ip(String text) {
    return IpLiterals.parse(text).orElseThrow();
  }

  private static Answer answer(LocalService service, String... ips) {
    List<InetAddress> all = List.of(ips).stream().map(LocalNodesTest::ip).toList();
    return new Answer.LocalServices(List.of(new Answer.Found(service, all)));
  }

  @Test
  void whatANodeAnnouncesLeadsToIt() {
    LocalService service = LocalNodes.announcement(NODE, 8443, "/rdv");
    KnownNode node = LocalNodes.of(answer(service, "fe80::1", "192.168.1.2", "fd00::7")).get(0);
    assertEquals(Optional.of(NODE), node.id());
    assertEquals(NodeSource.LOCAL, node.source());
    assertEquals("[wss://192.168.1.2:8443/rdv, wss://[fd00::7]:8443/rdv]", node.urls().toString());
    assertEquals("_culvert._tcp", LocalNodes.question().type());
  }

  @Test
  void whatIsNoNodeIsLeftOut() {
    assertEquals(List.of(), LocalNodes.of(new Answer.NotFound()));
    for (List<String> text :
        List.of(
            List.<String>of(),
            List.of("id=", "path=/"),
            List.of("id=" + "y".repeat(52)),
            List.of("id=" + NODE.toString().substring(1)))) {
      LocalService service = new LocalService(LocalNodes.TYPE, "a", 443, text);
      assertEquals(List.of(), LocalNodes.of(answer(service, "192.168.1.2")), text.toString());
    }
    LocalService odd =
        new LocalService(LocalNodes.TYPE, "a", 443, List.of("id=" + NODE, "path=@evil.example/"));
    assertEquals(
        "[wss://192.168.1.2/]", LocalNodes.of(answer(odd, "192.168.1.2")).get(0).urls().toString());
    LocalService spaced =
        new LocalService(LocalNodes.TYPE, "a", 443, List.of("id=" + NODE, "path=/ x"));
    assertEquals(List.of(), LocalNodes.of(answer(spaced, "192.168.1.2")));
  }
}
