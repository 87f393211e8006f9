package dev.culvert.rendezvous;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.identity.PeerId;
import dev.culvert.identity.PeerKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What is said of an {@link Invite}. */
class InviteTest {
  private final Random random = new Random(7);
  private final PeerId peer = PeerKey.generate(random).id();
  private final PeerId first = PeerKey.generate(random).id();

  private static NodeUrl url(String text) {
    return NodeUrl.parse(text).orElseThrow();
  }

  private KnownNode node(String url, Optional<PeerId> id) {
    return new KnownNode(id, List.of(url(url)), NodeSource.INVITED);
  }

  private Invite invite() {
    return Invite.to(
        peer,
        List.of(
            node("wss://node.example/", Optional.of(first)),
            node("wss://[2001:db8::1]:8443/A%20path~&x=1", Optional.empty()),
            node("ws://127.0.0.1:9000/rdv", Optional.of(peer))),
        random);
  }

  @Test
  void itSurvivesItsText() throws JoinTextException {
    Invite invite = invite();
    assertEquals(3, invite.nodes().size());
    assertEquals(invite, Invite.parse(invite.text()));
    assertEquals(invite, Invite.parse(" " + invite.text().toUpperCase(Locale.ROOT) + "\n"));
    assertTrue(invite.text().startsWith("culvert://" + peer + "?v=1&n=node.example/~" + first));
    assertFalse(invite.toString().contains(invite.secret().hex()), "the secret is told");
  }

  @Test
  void aNodeHasTheSameUrlInAnInviteAsWithItsOwner() throws JoinTextException {
    KnownNode node = KnownNode.parse("WSS://Node.Example:443/Meet%2Fhere", NodeSource.CONFIGURED);
    assertEquals("wss://node.example/Meet%2Fhere", node.urls().get(0).toString());
    Invite invite = Invite.to(peer, List.of(node), random);
    String shouted = invite.text().toUpperCase(Locale.ROOT);
    assertEquals(node.urls(), Invite.parse(shouted).nodes().get(0).urls());
  }

  @Test
  void whatIsNewIsPassedOverAndASlashBehindTheIdIsTaken() throws JoinTextException {
    Invite invite = invite();
    String text = invite.text().replace("?v=1", "/?v=1&later=whatever&flag");
    assertEquals(invite, Invite.parse(text));
  }

  @Test
  void onlyWhatFitsIsTaken() throws JoinTextException {
    List<KnownNode> nodes = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      String path = "X".repeat(i % 2 == 0 ? 200 : 3);
      nodes.add(node("wss://n" + i + ".example/" + path, Optional.of(first)));
    }
    Invite invite = Invite.to(peer, nodes, random);
    assertTrue(invite.text().length() <= Invite.LONGEST);
    assertTrue(invite.nodes().size() <= 8);
    assertTrue(invite.nodes().contains(nodes.get(1)), "what fits behind what does not is left out");
    assertEquals(invite, Invite.parse(invite.text()));
    assertThrows(IllegalArgumentException.class, () -> new Invite(peer, nodes, invite.secret()));
  }

  private void isRefused(String text, String because) {
    JoinTextException fault = assertThrows(JoinTextException.class, () -> Invite.parse(text), text);
    String message = String.valueOf(fault.getMessage());
    assertTrue(message.contains(because), message);
    assertEquals(1, message.lines().count());
  }

  @Test
  void eachFaultIsNamed() {
    String text = invite().text();
    isRefused("", "does not begin with culvert://");
    isRefused("https://example.org/", "does not begin with culvert://");
    isRefused("culvert://" + peer, "cut off");
    isRefused("culvert://abc?v=1", "peer id");
    isRefused(text.replace("v=1", "v=2"), "version 2");
    isRefused(text.replace("v=1&", ""), "version");
    isRefused(text.substring(0, text.length() - 1), "secret");
    isRefused(text + "0", "secret");
    isRefused(text.substring(0, text.length() - 2) + "xy", "secret");
    isRefused(text + "&s=" + "0".repeat(32), "twice");
    isRefused(text.replace("%5b", "%5"), "no URL of a node");
    isRefused(text.replace("%5b", "%zz"), "damaged in the URL");
    isRefused(text.replace("~" + first, "~" + first.toString().substring(1)), "peer id");
    isRefused(text + "&n=a%", "damaged in the URL");
    isRefused(text + "&n=", "no URL of a node");
    isRefused(text + "&n=ws://example.org/", "no URL of a node");
    isRefused(text + "&n=a.example".repeat(6), "8 are the most");
    isRefused("culvert://" + "a".repeat(3000), "longer");
    isRefused(text + "&n=a.example/" + "!".repeat(1000), "too long");
  }

  @Test
  void noTextMakesItThrowAnythingElse() {
    String text = invite().text();
    for (int round = 0; round < 2000; round++) {
      StringBuilder damaged = new StringBuilder(text);
      for (int i = random.nextInt(3); i >= 0; i--) {
        damaged.setCharAt(random.nextInt(damaged.length()), (char) (32 + random.nextInt(300)));
      }
      String given = damaged.substring(0, random.nextInt(damaged.length() + 1));
      try {
        Invite read = Invite.parse(given);
        assertEquals(read, Invite.parse(read.text()));
      } catch (JoinTextException e) {
        assertEquals(1, String.valueOf(e.getMessage()).lines().count(), given);
      } catch (RuntimeException e) {
        throw new AssertionError("round " + round + ": " + given, e);
      }
    }
  }

  @Test
  void aListOfNodesSurvivesItsTextAndALineThatIsDamagedCostsOneNode() {
    List<KnownNode> nodes =
        List.of(
            new KnownNode(
                Optional.of(first),
                List.of(url("wss://a.example/"), url("wss://b.example:8443/x")),
                NodeSource.CACHED),
            new KnownNode(Optional.empty(), List.of(url("ws://127.0.0.1:80/")), NodeSource.CACHED));
    String text = NodeList.write(nodes);
    assertEquals(nodes, NodeList.read(text, NodeSource.CACHED));
    String damaged = text + "\nnonsense\n-\n" + first + " http://a.example/\n\n# a remark\n";
    assertEquals(nodes, NodeList.read(damaged, NodeSource.CACHED));
    assertEquals(List.of(), NodeList.read("", NodeSource.CACHED));
  }

  @Test
  void aNodeIsReadAsPeopleGiveIt() throws JoinTextException {
    KnownNode pinned = KnownNode.parse("wss://a.example~" + first, NodeSource.CONFIGURED);
    assertEquals(Optional.of(first), pinned.id());
    assertEquals(List.of(url("wss://a.example/")), pinned.urls());
    assertEquals(pinned, KnownNode.parse(pinned.toString(), NodeSource.CONFIGURED));
    assertEquals(Optional.empty(), KnownNode.parse("wss://a.example", NodeSource.CONFIGURED).id());
    assertThrows(
        JoinTextException.class, () -> KnownNode.parse("a.example", NodeSource.CONFIGURED));
    assertThrows(
        JoinTextException.class, () -> KnownNode.parse("wss://a.example~x", NodeSource.CONFIGURED));
  }
}
