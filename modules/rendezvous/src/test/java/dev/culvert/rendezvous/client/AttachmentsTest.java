package dev.culvert.rendezvous.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.culvert.identity.PeerId;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@link Attachments} with nodes that come and go. */
class AttachmentsTest {
  private static final Duration SOON = VirtualTown.SOON;
  private static final Duration LATER = Duration.ofMinutes(2);

  static LongStream seeds() {
    return LongStream.rangeClosed(1, 20);
  }

  private static VirtualTown town(long seed, int nodes, int peers) {
    VirtualTown town = new VirtualTown(seed).withNodes(nodes);
    for (int i = 0; i < peers; i++) {
      town.settler();
    }
    town.until(SOON, "all are attached", () -> town.areAttached(2));
    return town;
  }

  private static VirtualPeer next(VirtualTown town, VirtualPeer peer) {
    return town.peers.get((town.peers.indexOf(peer) + 1) % town.peers.size());
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void eachIsAttachedWhereOthersLookForIt(long seed) {
    VirtualTown town = town(seed, 5, 3);
    town.allMeet("first");
    town.until(LATER, "all are where they belong", town::areHome);
    town.allMeet("second");
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void oneNodeDiesAndComesBack(long seed) {
    VirtualTown town = town(seed, 4, 3);
    town.until(LATER, "all are where they belong", town::areHome);
    VirtualTown.Site dying = town.node(town.peers.get(0).attached().get((int) (seed % 2)));
    // Some are under way, some arrived and were not answered yet.
    Map<VirtualPeer, Long> underWay = new LinkedHashMap<>();
    for (VirtualPeer peer : town.peers) {
      underWay.put(peer, peer.signal(next(town, peer).id(), "under way " + peer.id()));
    }
    town.world.run(Duration.ofMillis(2 * seed));
    dying.kill();
    for (Map.Entry<VirtualPeer, Long> sent : underWay.entrySet()) {
      VirtualPeer peer = sent.getKey();
      town.until(SOON, "a signal", () -> peer.fate(sent.getValue()).isPresent());
      town.check(
          peer.fate(sent.getValue()).equals(Optional.of(Fate.DELIVERED)),
          "it is " + peer.fate(sent.getValue()));
      town.until(SOON, "to hear it", () -> next(town, peer).heard("under way " + peer.id()));
    }
    town.allMeet("at once");
    town.until(SOON, "all are attached again", () -> town.areAttached(2));
    dying.start();
    town.until(LATER, "all are back", town::areHome);
    town.allMeet("in the end");
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void allNodesButOneDie(long seed) {
    VirtualTown town = town(seed, 4, 3);
    VirtualTown.Site left = town.nodes.get((int) (seed % 4));
    town.nodes.stream().filter(node -> node != left).forEach(VirtualTown.Site::kill);
    town.until(
        LATER,
        "all are attached to the one",
        () -> town.peers.stream().allMatch(peer -> peer.attached().equals(List.of(left.id()))));
    town.allMeet("with one");
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void allNodesDieAndComeBackWithoutMemory(long seed) {
    VirtualTown town = town(seed, 3, 3);
    town.nodes.forEach(VirtualTown.Site::kill);
    VirtualPeer one = town.peers.get(0);
    long request = one.signal(town.peers.get(1).id(), "nobody carries this");
    town.until(LATER, "to be told", () -> one.fate(request).isPresent());
    town.check(one.fate(request).orElseThrow() == Fate.NO_NODE, "it is " + one.fate(request));
    town.world.run(Duration.ofMinutes(seed));
    town.check(town.areAttached(0), "attached to the dead");
    assertFalse(one.told(AttachmentEvent.NobodyAnswers.class).isEmpty());
    town.nodes.forEach(VirtualTown.Site::start);
    // The longest wait between two tries, half as long again.
    town.until(Duration.ofSeconds(95), "all are attached again", () -> town.areAttached(2));
    town.allMeet("again");
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void aNodeFallsSilent(long seed) {
    VirtualTown town = town(seed, 4, 3);
    town.until(LATER, "all are where they belong", town::areHome);
    VirtualTown.Site cut = town.node(town.peers.get(0).attached().get((int) (seed % 2)));
    cut.host.cut(true);
    town.allMeet("before anybody notices");
    town.until(
        LATER,
        "all are attached elsewhere",
        () ->
            town.areAttached(2)
                && town.peers.stream().noneMatch(peer -> peer.attached().contains(cut.id())));
    town.allMeet("without it");
    cut.host.cut(false);
    town.until(LATER, "all are back", town::areHome);
    town.allMeet("in the end");
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void aNodeSendsAllElsewhereAndNobodyIsLost(long seed) {
    VirtualTown town = town(seed, 4, 3);
    town.until(LATER, "all are where they belong", town::areHome);
    VirtualTown.Site leaving = town.node(town.peers.get(0).attached().get((int) (seed % 2)));
    leaving.drain(Duration.ofSeconds(20));
    town.until(
        Duration.ofSeconds(19),
        "all are gone before it closes",
        () ->
            town.areAttached(2)
                && town.peers.stream().noneMatch(peer -> peer.attached().contains(leaving.id())));
    for (VirtualPeer peer : town.peers) {
      town.check(neverAlone(peer), "it left before it was elsewhere: " + peer.told);
    }
    town.allMeet("without it");
    leaving.kill();
    leaving.start();
    town.until(Duration.ofMinutes(5), "all are back", town::areHome);
  }

  /** Whether it had two nodes ever since it had two. */
  private static boolean neverAlone(VirtualPeer peer) {
    int count = 0;
    boolean had = false;
    boolean alone = false;
    for (AttachmentEvent event : peer.told) {
      count += event instanceof AttachmentEvent.Attached ? 1 : 0;
      count -= event instanceof AttachmentEvent.Detached ? 1 : 0;
      had |= count == 2;
      alone |= had && count < 2;
    }
    return !alone;
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void aPeerLeavesAndIsFoundNoMore(long seed) {
    VirtualTown town = town(seed, 3, 2);
    VirtualPeer staying = town.peers.get(0);
    VirtualPeer leaving = town.peers.get(1);
    town.finds(staying, leaving);
    leaving.seat.execute(now -> leaving.attachments().drain(now));
    town.until(
        Duration.ofSeconds(6),
        "it ends",
        () -> !leaving.told(AttachmentEvent.Ended.class).isEmpty());
    long request = staying.lookup(leaving.id());
    town.until(SOON, "a look-up", () -> staying.looked(request).isPresent());
    AttachmentEvent.Looked looked = staying.looked(request).orElseThrow();
    assertFalse(looked.online());
    town.check(looked.record().isEmpty() && looked.answered() == 3, looked.toString());
    long late = leaving.lookup(staying.id());
    town.check(leaving.looked(late).isPresent(), "what is over answers at once");
    town.world.run(LATER);
    assertEquals(1, leaving.told(AttachmentEvent.Ended.class).size());
    Set<PeerId> nodes = Set.copyOf(leaving.attached());
    assertEquals(Set.of(), nodes);
  }
}
