package dev.culvert.rendezvous.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.identity.PeerId;
import dev.culvert.identity.PeerKey;
import dev.culvert.identity.Signed;
import dev.culvert.rendezvous.KnownNode;
import dev.culvert.rendezvous.NodeList;
import dev.culvert.rendezvous.NodeSource;
import dev.culvert.rendezvous.NodeUrl;
import dev.culvert.rendezvous.Ranking;
import dev.culvert.rendezvous.wire.Frame;
import dev.culvert.sansio.Bytes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** How {@link Attachments} come to know nodes, and what they are to others then. */
class AttachmentsJoinTest {
  private static final Duration SOON = VirtualTown.SOON;
  private static final Duration LATER = Duration.ofMinutes(2);

  static LongStream seeds() {
    return LongStream.rangeClosed(1, 20);
  }

  private static VirtualPeer knowing(VirtualTown town, KnownNode... nodes) {
    VirtualPeer peer = town.peer(AttachmentsConfig.standard());
    peer.know(List.of(nodes));
    return peer;
  }

  @Test
  void nodesAreTriedInTheOrderOfJoining() {
    VirtualTown town = new VirtualTown(1);
    List<KnownNode> nodes = new ArrayList<>();
    for (NodeSource source : NodeSource.values()) {
      VirtualTown.Site site = town.site();
      // Nothing runs there, and nothing says so.
      site.host.down(true);
      nodes.add(0, site.pinned(source));
    }
    VirtualPeer peer = knowing(town, nodes.toArray(KnownNode[]::new));
    town.world.run(SOON);
    assertEquals(
        town.nodes.stream().map(node -> node.address).toList(),
        peer.tries.stream().map(VirtualPeer.Try::node).toList());
    for (int i = 2; i < 5; i++) {
      long apart = peer.tries.get(i).at().since(peer.tries.get(i - 1).at()).toMillis();
      assertTrue(apart >= 290 && apart <= 310, "apart by " + apart + " ms");
    }
  }

  @Test
  void whyNobodyAnswersIsToldOnceForEachNodeAndAgainWhenItChanges() {
    VirtualTown town = new VirtualTown(1);
    VirtualTown.Site refusing = town.site();
    KnownNode nowhere =
        new KnownNode(
            Optional.empty(),
            List.of(NodeUrl.parse("wss://nowhere.example/").orElseThrow()),
            NodeSource.CONFIGURED);
    VirtualPeer peer = knowing(town, refusing.pinned(NodeSource.CONFIGURED), nowhere);
    town.world.run(LATER);
    List<AttachmentEvent.NobodyAnswers> told = peer.told(AttachmentEvent.NobodyAnswers.class);
    assertEquals(1, told.size());
    assertEquals(2, told.get(0).reasons().size());
    List<String> reasons =
        told.get(0).reasons().stream().map(AttachmentEvent.Reason::reason).toList();
    assertTrue(reasons.get(0).startsWith("no connection: "), reasons.toString());
    assertEquals("there is no host nowhere.example", reasons.get(1));
    refusing.impostor();
    town.world.run(LATER);
    told = peer.told(AttachmentEvent.NobodyAnswers.class);
    assertTrue(
        told.get(told.size() - 1).reasons().get(0).reason().startsWith("another node answers"));
    int before = told.size();
    town.world.run(LATER);
    assertEquals(before, peer.told(AttachmentEvent.NobodyAnswers.class).size());
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void peersThatKnowDifferentNodesMeetWhereTheyHaveOneInCommon(long seed) {
    VirtualTown town = new VirtualTown(seed).withNodes(7);
    List<KnownNode> all = town.pinned(NodeSource.CONFIGURED);
    VirtualPeer one = knowing(town, all.get(0), all.get(1));
    VirtualPeer other = town.peer(AttachmentsConfig.standard());
    other.know(all.subList(1, 7));
    town.until(SOON, "all are attached", () -> town.areAttached(2));
    town.world.run(LATER);
    town.finds(other, one);
    town.reaches(other, one, "a question");
    // It is not attached where the other is, but the question came through a node that it has.
    town.reaches(one, other, "an answer");
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void whoKnowsOneNodeIsToldOfOthers(long seed) {
    VirtualTown town = new VirtualTown(seed);
    List<Signed> records = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      records.add(town.site().record(Duration.ofHours(12)));
    }
    for (VirtualTown.Site site : town.nodes) {
      site.config = site.config.knowing(records);
      site.start();
    }
    VirtualTown.Site first = town.nodes.get((int) (seed % 4));
    // One that is named by its URL alone is known by its key once it has shown it.
    boolean pinned = seed % 2 == 0;
    KnownNode named =
        first.known(pinned ? Optional.of(first.id()) : Optional.empty(), NodeSource.CONFIGURED);
    VirtualPeer peer = knowing(town, named);
    town.until(SOON, "it is attached", () -> town.areAttached(2));
    // Those it was told of are hearsay, so it does not leave the one that was named.
    PeerId best =
        Ranking.of(peer.id(), town.nodes.stream().map(VirtualTown.Site::id).toList()).get(0);
    town.until(
        LATER,
        "it is where it belongs",
        () -> peer.attached().contains(best) && peer.attached().contains(first.id()));
    assertFalse(peer.told(AttachmentEvent.NodesChanged.class).isEmpty());
    List<KnownNode> kept =
        NodeList.read(NodeList.write(peer.attachments().nodes()), NodeSource.CACHED);
    town.nodes.forEach(node -> assertTrue(kept.stream().anyMatch(node::is)));
    first.kill();
    // A later start has the list, and the first node is gone.
    VirtualPeer later = town.peer(AttachmentsConfig.standard());
    later.know(kept);
    town.until(SOON, "it joins without it", () -> later.attached().size() == 2);
    town.finds(later, peer);
    town.reaches(peer, later, "hello");
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void aPeerWithAWrongClockIsFoundAndFinds(long seed) {
    VirtualTown town = new VirtualTown(seed).withNodes(3);
    Duration wrong = Duration.ofHours(seed % 2 == 0 ? seed * 100 : -seed * 100);
    PeerKey key = PeerKey.generate(new Random(seed));
    VirtualPeer peer = town.peer(AttachmentsConfig.standard(), key, wrong);
    peer.know(town.pinned(NodeSource.CONFIGURED));
    VirtualPeer other = town.settler();
    town.until(SOON, "all are attached", () -> town.areAttached(2));
    town.finds(other, peer);
    town.finds(peer, other);
    town.world.run(Duration.ofHours(1));
    town.finds(other, peer);
    town.finds(peer, other);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void aPeerWhoseClockWentBackBetweenTwoStartsIsFound(long seed) {
    VirtualTown town = new VirtualTown(seed).withNodes(3);
    PeerKey key = PeerKey.generate(new Random(seed));
    VirtualPeer before = town.peer(AttachmentsConfig.standard(), key, Duration.ofDays(1));
    before.know(town.pinned(NodeSource.CONFIGURED));
    VirtualPeer other = town.settler();
    town.until(SOON, "all are attached", () -> town.areAttached(2));
    town.finds(other, before);
    before.seat.stop();
    town.peers.remove(before);
    VirtualPeer after = town.peer(AttachmentsConfig.standard(), key, Duration.ZERO);
    after.know(town.pinned(NodeSource.CONFIGURED));
    town.until(Duration.ofSeconds(15), "all are attached", () -> town.areAttached(2));
    town.world.run(LATER);
    town.finds(other, after);
    town.reaches(other, after, "hello");
    assertTrue(after.attachments().sequence() > before.attachments().sequence());
  }

  @Test
  void theSealingKeyIsReplacedDailyAndTheOldOneKeptForAWhile() {
    VirtualTown town = new VirtualTown(1);
    VirtualPeer peer = town.peer(AttachmentsConfig.standard());
    Bytes first = peer.sealingKey();
    town.world.run(Duration.ofHours(23));
    assertEquals(1, peer.attachments().sealingKeys().size());
    town.withNodes(2);
    peer.know(town.pinned(NodeSource.CONFIGURED));
    VirtualPeer other = town.settler();
    town.world.run(Duration.ofMinutes(61));
    assertFalse(first.equals(peer.sealingKey()));
    assertEquals(first, peer.attachments().sealingKeys().get(1).publicKey());
    assertEquals(1, peer.told(AttachmentEvent.KeyChanged.class).size());
    // What is found is the new one, for which see there.
    town.finds(other, peer);
    town.world.run(Duration.ofHours(2));
    assertEquals(1, peer.attachments().sealingKeys().size());
    town.finds(other, peer);
  }

  @Test
  void credentialsForRelaysAreRenewedInTime() {
    VirtualTown town = new VirtualTown(1);
    Duration life = Duration.ofMinutes(20);
    for (int i = 0; i < 2; i++) {
      VirtualTown.Site site = town.site();
      site.config =
          site.config.offering(
              peer ->
                  List.of(
                      new Frame.RelayOffer(
                          "turn:" + site.url(), "user", "secret", town.time().plus(life))));
      site.start();
    }
    VirtualPeer peer = town.settler();
    town.until(SOON, "it is attached", () -> town.areAttached(2));
    for (int i = 0; i < 200; i++) {
      town.world.run(Duration.ofMinutes(1));
      for (NodeOffer offer : peer.attachments().attached()) {
        Duration left = Duration.between(town.time(), offer.relays().get(0).expiry());
        town.check(left.compareTo(life.dividedBy(3)) > 0, "only " + left + " are left");
      }
    }
    int renewed = peer.told(AttachmentEvent.Offered.class).size();
    assertTrue(renewed >= 38 && renewed <= 42, renewed + " times in 200 minutes");
    assertEquals(2, peer.told(AttachmentEvent.Attached.class).size());
  }

  @Test
  void whatWasHeardIsNotForgottenWhileNothingAnswersAtAll() {
    VirtualTown town = new VirtualTown(1);
    VirtualTown.Site named = town.site();
    Signed there = town.site().start().record(Duration.ofHours(12));
    Signed gone = town.site().record(Duration.ofHours(12));
    named.config = named.config.knowing(List.of(there, gone));
    named.start();
    VirtualPeer peer = knowing(town, named.pinned(NodeSource.CONFIGURED));
    town.until(SOON, "it is attached", () -> town.areAttached(2));
    town.nodes.forEach(VirtualTown.Site::kill);
    town.world.run(Duration.ofMinutes(30));
    assertEquals(3, peer.attachments().nodes().size());
    named.start();
    town.world.run(Duration.ofMinutes(9));
    // One was never there, and others are; the one that was there before is kept.
    assertEquals(2, peer.attachments().nodes().size());
    assertTrue(peer.attachments().nodes().stream().anyMatch(town.nodes.get(1)::is));
  }

  @Test
  void membersOfANamespaceAreFoundWhereverTheyAre() {
    VirtualTown town = new VirtualTown(1).withNodes(6);
    Bytes token = Bytes.wrap(new byte[32]);
    for (int i = 0; i < 12; i++) {
      VirtualPeer member = town.peer(AttachmentsConfig.standard().in(List.of(token)));
      member.know(town.pinned(NodeSource.CONFIGURED));
    }
    VirtualPeer seeker = town.settler();
    town.until(SOON, "all are attached", () -> town.areAttached(2));
    long[] ids = new long[2];
    seeker.seat.execute(
        now -> {
          ids[0] = seeker.attachments().discover(token, 100, now);
          ids[1] = seeker.attachments().discover(token, 5, now);
        });
    town.until(SOON, "to be told", () -> seeker.told(AttachmentEvent.Discovered.class).size() == 2);
    for (AttachmentEvent.Discovered found : seeker.told(AttachmentEvent.Discovered.class)) {
      Set<?> who = Set.copyOf(found.records().stream().map(record -> record.peer()).toList());
      assertEquals(found.request() == ids[0] ? 12 : 5, who.size());
      assertEquals(who.size(), found.records().size());
      assertFalse(who.contains(seeker.id()));
    }
  }

  @Test
  void whoIsBlockedIsNotHeardWhereverThePeerGoes() {
    VirtualTown town = new VirtualTown(1).withNodes(4);
    VirtualPeer one = town.settler();
    VirtualPeer other = town.settler();
    town.until(SOON, "all are attached", () -> town.areAttached(2));
    one.seat.execute(now -> one.attachments().block(List.of(other.id()), now));
    town.world.run(LATER);
    town.node(one.attached().get(0)).kill();
    town.world.run(SOON);
    long request = other.signal(one.id(), "hear me");
    town.until(SOON, "a signal", () -> other.fate(request).isPresent());
    assertEquals(Optional.of(Fate.BLOCKED), other.fate(request));
    town.reaches(one, other, "no");
    assertFalse(one.heard("hear me"));
  }

  @Test
  void whatAPeerAnnouncesOthersAreTold() {
    VirtualTown town = new VirtualTown(1).withNodes(2);
    List<KnownNode> configured = town.pinned(NodeSource.CONFIGURED);
    VirtualTown.Site own = town.site().nameless().start();
    VirtualPeer serving = own.tenant();
    serving.know(configured);
    town.until(SOON, "all are attached", () -> town.areAttached(2));
    Signed foreign = town.nodes.get(0).record(Duration.ofHours(1));
    serving.seat.execute(now -> serving.attachments().announce(Optional.of(foreign), now));
    town.world.run(SOON);
    assertEquals(2, serving.told(AttachmentEvent.AnnouncementRefused.class).size());
    Signed good = own.record(Duration.ofHours(1));
    serving.seat.execute(now -> serving.attachments().announce(Optional.of(good), now));
    town.world.run(SOON);
    assertEquals(2, serving.told(AttachmentEvent.AnnouncementRefused.class).size());
    VirtualPeer newcomer = knowing(town, configured.toArray(KnownNode[]::new));
    town.until(
        LATER, "it is told", () -> newcomer.attachments().nodes().stream().anyMatch(own::is));
    // All that anybody configured die; what was announced is left.
    town.nodes.get(0).kill();
    town.nodes.get(1).kill();
    town.until(LATER, "it joins through it", () -> newcomer.attached().equals(List.of(own.id())));
  }
}
