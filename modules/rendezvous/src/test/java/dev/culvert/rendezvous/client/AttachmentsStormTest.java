package dev.culvert.rendezvous.client;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.rendezvous.node.NodeLimits;
import dev.culvert.sansio.MonotonicTime;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Many {@link Attachments} that lose all their nodes at once. */
class AttachmentsStormTest {
  private static final int PEERS = 200;

  /** As many proofs in a minute as one node looks at. */
  private static final NodeLimits NARROW =
      new NodeLimits(1000, 512, 300, 60, 1000, 8, 240, 240, 600);

  @Test
  void twoHundredPeersComeBackWithoutStormingTheNodes() {
    VirtualTown town = new VirtualTown(11);
    for (int i = 0; i < 3; i++) {
      VirtualTown.Site site = town.site();
      site.config = site.config.withLimits(NARROW);
    }
    town.nodes.forEach(VirtualTown.Site::start);
    for (int i = 0; i < PEERS; i++) {
      town.settler();
    }
    town.until(Duration.ofMinutes(10), "all are attached", () -> town.areAttached(2));
    town.nodes.forEach(VirtualTown.Site::kill);
    town.world.run(Duration.ofMinutes(1));
    MonotonicTime back = town.world.now();
    town.nodes.forEach(VirtualTown.Site::start);
    town.until(Duration.ofMinutes(5), "all are attached again", () -> town.areAttached(2));
    assertTrue(town.peers.stream().filter(VirtualPeer::wasSentAway).count() > PEERS / 4);
    Map<Long, Integer> perSecond = new TreeMap<>();
    for (VirtualPeer peer : town.peers) {
      for (VirtualPeer.Try one : peer.tries) {
        if (!one.at().isBefore(back)) {
          perSecond.merge(one.at().since(back).toSeconds(), 1, Integer::sum);
        }
      }
    }
    int most = perSecond.values().stream().max(Integer::compare).orElseThrow();
    int all = perSecond.values().stream().mapToInt(Integer::intValue).sum();
    // Each has to come twice; what is more are those that were sent away, and came when told.
    assertTrue(all < 6 * PEERS, all + " connections: " + perSecond);
    assertTrue(most < PEERS / 2, most + " in one second: " + perSecond);
  }
}
