package dev.culvert.rendezvous.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.identity.PeerId;
import dev.culvert.identity.PeerKey;
import dev.culvert.identity.Signed;
import dev.culvert.rendezvous.JoinTextException;
import dev.culvert.rendezvous.KnownNode;
import dev.culvert.rendezvous.NodeRecord;
import dev.culvert.rendezvous.NodeSource;
import dev.culvert.rendezvous.node.Doorstep.Visitor;
import dev.culvert.rendezvous.wire.Frame;
import dev.culvert.rendezvous.wire.FrameText;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class NeighboursTest {
  private static final String HERE = "198.51.100.7";
  private static final String URL = "wss://198.51.100.7:4433/";
  private static final Duration DAY = Duration.ofHours(24);
  private static final Random RANDOM = new Random(21);

  private static Frame announce(Visitor visitor, Signed record) {
    visitor.say(new Frame.Announce(visitor.id(), record));
    return visitor.next();
  }

  private static Signed record(PeerKey key, String url, Instant expiry) {
    return new NodeRecord(key.id(), List.of(url), expiry).sign(key);
  }

  private static Frame.Code code(Frame frame) {
    assertTrue(frame instanceof Frame.Refusal, frame.toString());
    return ((Frame.Refusal) frame).code();
  }

  private static List<Signed> told(Visitor visitor) {
    visitor.say(new Frame.AskNodes(visitor.id()));
    return visitor.next(Frame.Nodes.class).records();
  }

  @Test
  void whoServesIsToldOfUntilItsRecordExpires() {
    Doorstep door = new Doorstep(NodeConfig.standard());
    Visitor server = door.peer(HERE);
    Visitor newcomer = door.peer("203.0.113.9");
    assertEquals(List.of(), told(newcomer));
    Signed record = record(server.key, URL, door.time().plus(Duration.ofMinutes(30)));
    assertTrue(announce(server, record) instanceof Frame.Done);
    server.leave();
    assertEquals(List.of(record), told(newcomer));
    assertEquals(1, door.node.counts().nodes());
    for (int minute = 0; minute < 30; minute++) {
      door.pass(Duration.ofMinutes(1).minusSeconds(30));
      newcomer.say(new Frame.Ping(newcomer.id()));
      newcomer.next();
      door.pass(Duration.ofSeconds(30));
      newcomer.say(new Frame.Ping(newcomer.id()));
      newcomer.next();
    }
    assertEquals(List.of(), told(newcomer));
  }

  @Test
  void nobodyIsSentToAnAddressThatDidNotAskForIt() {
    Doorstep door = new Doorstep(NodeConfig.standard());
    Visitor mallory = door.peer(HERE);
    Instant soon = door.time().plus(Duration.ofHours(1));
    Frame.Code denied = Frame.Code.DENIED;
    assertEquals(denied, code(announce(mallory, record(mallory.key, "wss://192.0.2.80/", soon))));
    assertEquals(
        denied, code(announce(mallory, record(mallory.key, "wss://victim.example/", soon))));
    PeerKey other = PeerKey.generate(RANDOM);
    assertEquals(denied, code(announce(mallory, record(other, URL, soon))));
    Signed good = record(mallory.key, URL, soon);
    Signed altered = new Signed(good.signer(), good.payload().slice(0, 12), good.signature());
    assertEquals(denied, code(announce(mallory, altered)));
    assertEquals(
        denied, code(announce(mallory, record(mallory.key, URL, door.time().plus(DAY.plus(DAY))))));
    assertEquals(Frame.Code.STALE, code(announce(mallory, record(mallory.key, URL, door.time()))));
    assertEquals(0, door.node.counts().nodes());
  }

  @Test
  void aNodeThatTheOwnerNamedHasANameOfItsOwn() throws JoinTextException {
    PeerKey friend = PeerKey.generate(RANDOM);
    KnownNode known = KnownNode.parse("wss://c.example/~" + friend.id(), NodeSource.CONFIGURED);
    Doorstep door = new Doorstep(NodeConfig.standard().withNeighbours(List.of(known)));
    Visitor peer = door.visitor(HERE);
    peer.say(peer.auth(friend, Optional.empty()));
    peer.next(Frame.Welcome.class);
    Signed record = record(friend, "wss://b.example/", door.time().plus(DAY));
    assertTrue(announce(peer, record) instanceof Frame.Done);
    assertEquals(List.of(record), told(peer));
  }

  @Test
  void oneNetworkDoesNotFillTheBook() {
    Doorstep door = new Doorstep(NodeConfig.standard());
    for (int i = 0; i < NodeBook.MOST_OF_ONE_ORIGIN; i++) {
      Visitor peer = door.peer("198.51.100." + (i + 1));
      String url = "wss://198.51.100." + (i + 1) + "/";
      assertTrue(
          announce(peer, record(peer.key, url, door.time().plus(DAY))) instanceof Frame.Done);
    }
    Visitor late = door.peer("198.51.100.99");
    Signed one = record(late.key, "wss://198.51.100.99/", door.time().plus(DAY));
    assertEquals(Frame.Code.UNAVAILABLE, code(announce(late, one)));
    Visitor elsewhere = door.peer("203.0.113.9");
    Signed two = record(elsewhere.key, "wss://203.0.113.9/", door.time().plus(DAY));
    assertTrue(announce(elsewhere, two) instanceof Frame.Done);
    assertEquals(NodeBook.MOST_OF_ONE_ORIGIN + 1, door.node.counts().nodes());
  }

  @Test
  void theBookIsBoundedAndEachAnswerFitsAMessage() {
    Doorstep door = new Doorstep(NodeConfig.standard());
    PeerId teller = PeerKey.generate(RANDOM).id();
    Instant soon = door.time().plus(DAY);
    int learnt = 0;
    for (int i = 0; i < 100; i++) {
      PeerKey node = PeerKey.generate(RANDOM);
      learnt += door.node.learn(record(node, "wss://" + i + ".example/", soon), teller) ? 1 : 0;
    }
    assertEquals(NodeBook.MOST / 4, learnt, "one teller has a quarter of the room");
    for (int i = 0; i < NodeBook.MOST; i++) {
      PeerKey node = PeerKey.generate(RANDOM);
      String longest = "wss://" + i + ".example/" + "x".repeat(200);
      door.node.learn(record(node, longest, soon), PeerKey.generate(RANDOM).id());
    }
    assertEquals(NodeBook.MOST, door.node.counts().nodes());
    Visitor peer = door.peer(HERE);
    Set<PeerId> seen = new HashSet<>();
    for (int i = 0; i < 40; i++) {
      List<Signed> some = told(peer);
      int length = FrameText.write(new Frame.Nodes(1L << 50, some)).length();
      assertTrue(length <= FrameText.LONGEST, length + " bytes");
      assertTrue(length > FrameText.LONGEST / 2, length + " bytes");
      some.forEach(signed -> seen.add(signed.signer()));
    }
    assertTrue(seen.size() > 200, seen.size() + " of 256 were ever told");
  }

  @Test
  void aNodeTellsWhereItIsItselfAndOfThoseThatItsOwnerNamed() {
    PeerKey friend = PeerKey.generate(RANDOM);
    Signed friendly =
        record(friend, "wss://b.example/", Instant.ofEpochSecond(1_800_000_000).plus(DAY));
    Doorstep door =
        new Doorstep(
            NodeConfig.standard().at(List.of("wss://node.example/")).knowing(List.of(friendly)));
    Visitor peer = door.peer(HERE);
    List<Signed> told = told(peer);
    assertEquals(List.of(door.key.id(), friend.id()), told.stream().map(Signed::signer).toList());
    NodeRecord own = NodeRecord.read(told.get(0)).orElseThrow();
    assertEquals(List.of("wss://node.example/"), own.urls());
    assertEquals(door.time().plus(DAY), own.expiry());
    assertFalse(door.node.learn(told.get(0), friend.id()), "it knows itself");
    // Its own record is made anew long before it expires.
    door.pass(Duration.ofHours(2));
    Signed later = door.node.ownRecord().orElseThrow();
    assertEquals(door.time().plus(DAY), NodeRecord.read(later).orElseThrow().expiry());
  }
}
