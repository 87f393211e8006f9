package dev.culvert.rendezvous.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.identity.PeerId;
import dev.culvert.identity.PeerKey;
import dev.culvert.identity.Signed;
import dev.culvert.rendezvous.NodeRecord;
import dev.culvert.rendezvous.NodeSource;
import dev.culvert.rendezvous.PeerRecord;
import dev.culvert.rendezvous.wire.Frame;
import dev.culvert.sansio.Bytes;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@link Attachments} among nodes of which one is against them. */
class AttachmentsLiarsTest {
  private static final Duration LATER = Duration.ofMinutes(2);

  static LongStream seeds() {
    return LongStream.rangeClosed(1, 20);
  }

  /** Three good nodes, one that starts otherwise, and peers that know all of them. */
  private static VirtualTown town(long seed, Consumer<VirtualTown.Site> start) {
    VirtualTown town = new VirtualTown(seed).withNodes(3);
    start.accept(town.site());
    for (int i = 0; i < 3; i++) {
      town.settler();
    }
    return town;
  }

  private static VirtualTown.Site bad(VirtualTown town) {
    return town.nodes.get(3);
  }

  private static boolean areAtGoodNodes(VirtualTown town) {
    return town.areAttached(2)
        && town.peers.stream().noneMatch(peer -> peer.attached().contains(bad(town).id()));
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void oneWithAnotherKeyIsTriedOnceAndNeverAgain(long seed) {
    VirtualTown town = town(seed, VirtualTown.Site::impostor);
    town.until(VirtualTown.SOON, "all are attached", () -> areAtGoodNodes(town));
    town.allMeet("without it");
    town.world.run(Duration.ofMinutes(20));
    town.allMeet("later");
    for (VirtualPeer peer : town.peers) {
      int tries = peer.openedTo(bad(town).address);
      boolean kept = peer.attachments().nodes().stream().anyMatch(bad(town)::is);
      assertTrue(tries <= 1, "it is tried again");
      assertEquals(tries == 0, kept, "it is kept after it lied, or given up before");
    }
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void oneThatTakesConnectionsAndSaysNothingHoldsNobodyUp(long seed) {
    VirtualTown town = town(seed, site -> site.lie(frame -> Optional.empty()));
    town.until(VirtualTown.SOON, "all are attached", () -> areAtGoodNodes(town));
    town.allMeet("at once");
    town.world.run(LATER);
    town.check(areAtGoodNodes(town), "somebody is attached to it");
    town.allMeet("later");
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void oneThatLetsPeersInAndSaysNothingMoreIsGivenUp(long seed) {
    VirtualTown town =
        town(
            seed,
            site ->
                site.lie(
                    frame ->
                        Optional.of(frame)
                            .filter(
                                its ->
                                    its instanceof Frame.Hello
                                        || its instanceof Frame.Welcome
                                        || its instanceof Frame.Pong)));
    town.until(LATER, "all are attached", () -> areAtGoodNodes(town));
    town.allMeet("later");
    town.world.run(LATER);
    town.check(areAtGoodNodes(town), "somebody is attached to it");
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void oneThatSaysThatItDeliveredIsAvoidedOnRequest(long seed) {
    VirtualTown town =
        town(
            seed,
            site ->
                site.lie(
                    frame ->
                        Optional.of(
                            frame instanceof Frame.Undeliverable its
                                ? new Frame.Delivered(its.re())
                                : frame instanceof Frame.Said said
                                    ? new Frame.Said(said.from(), Bytes.utf8("lost"))
                                    : frame)));
    town.until(LATER, "all are attached", () -> town.areAttached(2));
    town.world.run(LATER);
    VirtualPeer one = town.peers.get(0);
    VirtualPeer other = town.peers.get(1);
    long request = one.signal(other.id(), "once more", Set.of(bad(town).id()));
    town.until(VirtualTown.SOON, "a signal", () -> one.fate(request).isPresent());
    assertEquals(Optional.of(Fate.DELIVERED), one.fate(request));
    town.until(VirtualTown.SOON, "to hear it", () -> other.heard("once more"));
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void oneThatTellsOldRecordsChangesNothing(long seed) {
    VirtualTown town = new VirtualTown(seed).withNodes(3);
    PeerKey key = PeerKey.generate(new Random(seed));
    Bytes stolen = Bytes.wrap(new byte[32]);
    Signed old =
        new PeerRecord(key.id(), stolen, 1, Instant.ofEpochSecond(1_800_003_000)).sign(key);
    town.site()
        .lie(
            frame ->
                Optional.of(
                    frame instanceof Frame.Found its && its.record().signer().equals(key.id())
                        ? new Frame.Found(its.re(), old, true)
                        : frame instanceof Frame.Refusal its && its.re().isPresent()
                            ? new Frame.Found(its.re().get(), old, true)
                            : frame));
    VirtualPeer other = town.peer(AttachmentsConfig.standard(), key, Duration.ZERO);
    other.know(town.pinned(NodeSource.CONFIGURED));
    VirtualPeer one = town.settler();
    town.until(VirtualTown.SOON, "all are attached", () -> town.areAttached(2));
    town.finds(one, other);
    town.world.run(LATER);
    town.finds(one, other);
    town.reaches(one, other, "hello");
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void aNodeThatMakesUpNodesDoesNotGetAllOfAPeer(long seed) {
    VirtualTown town = new VirtualTown(seed).withNodes(3);
    VirtualTown.Site teller = town.nodes.get(0);
    List<Signed> made = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      made.add(town.site().start().record(Duration.ofHours(1)));
    }
    // A record of nobody's, one that has expired, and one that somebody else signed.
    PeerKey key = PeerKey.generate(new Random(seed));
    List<String> urls = List.of(teller.url());
    made.add(new NodeRecord(key.id(), urls, town.time().minusSeconds(1)).sign(key));
    Signed good = town.nodes.get(8).record(Duration.ofHours(1));
    made.add(new Signed(town.nodes.get(1).id(), good.payload(), good.signature()));
    teller.kill();
    teller.lie(
        frame ->
            Optional.of(
                frame instanceof Frame.Nodes its ? new Frame.Nodes(its.re(), made) : frame));
    VirtualPeer peer = town.peer(AttachmentsConfig.standard());
    peer.know(town.pinned(NodeSource.CONFIGURED).subList(0, 3));
    town.until(VirtualTown.SOON, "it is attached", () -> town.areAttached(2));
    Set<PeerId> trusted =
        Set.of(town.nodes.get(0).id(), town.nodes.get(1).id(), town.nodes.get(2).id());
    for (int i = 0; i < 20; i++) {
      town.world.run(Duration.ofMinutes(1));
      town.check(
          peer.attached().stream().anyMatch(trusted::contains), "all of it is at " + made.size());
    }
    assertFalse(
        peer.attachments().nodes().stream()
            .anyMatch(node -> node.id().equals(Optional.of(key.id()))),
        "it believes what has expired");
  }

  @ParameterizedTest
  @EnumSource(
      value = Frame.Code.class,
      names = {"TOO_OFTEN", "UNAVAILABLE"})
  void aNodeThatRefusesForEverHoldsNobodyUp(Frame.Code code) {
    Optional<Duration> ever = Optional.of(Duration.ofSeconds((1L << 53) - 1));
    VirtualTown town =
        town(
            3,
            site ->
                site.lie(
                    frame ->
                        Optional.of(
                            frame instanceof Frame.Registered its
                                ? new Frame.Refusal(Optional.of(its.re()), code, "no", ever)
                                : frame)));
    town.until(LATER, "all are attached", () -> town.areAttached(2));
    town.world.run(LATER);
    town.allMeet("later");
  }

  /** Whether it is said in the place of a greeting, or of every answer. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aNodeThatSendsPeersElsewhereTellsOfFourNodesOnce(boolean unproven) {
    int[] told = {0};
    VirtualTown town =
        town(
            4,
            site ->
                site.lie(
                    frame -> {
                      boolean greeting =
                          frame instanceof Frame.Hello || frame instanceof Frame.Welcome;
                      if (unproven != greeting) {
                        return Optional.of(frame);
                      }
                      List<String> urls = new ArrayList<>();
                      for (int i = 0; i < 4; i++) {
                        urls.add("wss://made-up" + told[0]++ + ".example/");
                      }
                      return Optional.of(new Frame.Redirect(urls, Duration.ofHours(1), "away"));
                    }));
    town.until(LATER, "all are attached", () -> town.areAttached(2));
    town.world.run(Duration.ofMinutes(3));
    for (VirtualPeer each : town.peers) {
      long made =
          each.attachments().nodes().stream()
              .filter(node -> node.source() == NodeSource.TOLD && node.id().isEmpty())
              .count();
      town.check(made <= (unproven ? 0 : 4), "it believes in " + made);
    }
    assertTrue(told[0] > 12, "nobody was told");
    town.allMeet("later");
  }

  @Test
  void aNodeWhoseClockIsFarOffDoesNotMoveThatOfAPeer() {
    VirtualTown town =
        town(
            1,
            site ->
                site.lie(
                    frame ->
                        Optional.of(
                            frame instanceof Frame.Hello its
                                ? new Frame.Hello(
                                    its.node(),
                                    its.nonce(),
                                    its.time().plus(Duration.ofDays(18_000)),
                                    its.stun())
                                : frame)));
    town.until(LATER, "all are attached", () -> town.areAttached(2));
    town.world.run(LATER);
    town.peers.forEach(
        peer ->
            town.check(
                Duration.between(town.time(), peer.attachments().time()).abs().toMinutes() < 1,
                "its time is " + peer.attachments().time()));
    town.peers.forEach(
        peer ->
            town.check(
                peer.attachments().sequence() <= town.time().toEpochMilli(),
                "its sequence is " + peer.attachments().sequence()));
    town.allMeet("in time");
  }
}
