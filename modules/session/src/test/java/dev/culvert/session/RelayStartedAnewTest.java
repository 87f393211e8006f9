package dev.culvert.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.ice.CandidateType;
import dev.culvert.natsim.Link;
import dev.culvert.natsim.World;
import dev.culvert.sansio.IpLiterals;
import dev.culvert.sansio.Transport;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A relay that is started anew has forgotten every allocation, and takes other credentials. */
class RelayStartedAnewTest {
  private static final Link LINE = Link.of(Duration.ofMillis(10));
  private static final InetAddress HERE = ip("198.51.100.1");

  private final World world = new World(23);
  private final SimRelay first = SimRelay.on(world, LINE, ip("203.0.113.10"));

  private static InetAddress ip(String text) {
    return IpLiterals.parse(text).orElseThrow();
  }

  private SimPeer peer(Transport transport) {
    return new SimPeer(
        world,
        world.internet().host("a", LINE, HERE),
        SessionConfig.of(List.of(new LocalAddress("eth0", HERE)))
            .relaying(List.of(first.over(transport))));
  }

  private static long relayed(SimPeer peer) {
    return peer.session.gathered().stream()
        .filter(each -> each.candidate().type() == CandidateType.RELAYED)
        .count();
  }

  private void ask(SimPeer peer, List<Relay> relays) {
    peer.seat.execute(now -> peer.session.ask(List.of(), relays, now));
  }

  private SimPeer gathered(Transport transport) {
    SimPeer peer = peer(transport);
    peer.seat.execute(now -> peer.session.gather(now));
    assertTrue(world.runUntil(() -> relayed(peer) == 1, Duration.ofSeconds(10)));
    return peer;
  }

  /** Whoever told of the relay notices its end, and is told the other credentials later. */
  @ParameterizedTest
  @EnumSource(names = {"UDP", "TCP"})
  void itsOtherCredentialsAreUsedAsSoonAsTheyAreKnown(Transport transport) {
    SimPeer peer = gathered(transport);
    first.stop();
    ask(peer, List.of());
    world.run(Duration.ofSeconds(10));
    SimRelay second = first.anew();
    ask(peer, List.of(second.over(transport)));
    assertTrue(
        world.runUntil(() -> relayed(peer) == 1, Duration.ofSeconds(3)),
        () -> String.valueOf(peer.events));
    world.run(Duration.ofMinutes(2));
    assertEquals(1, relayed(peer));
    assertEquals(1, second.engine.allocations());
  }

  /** The old ones are refused before anybody has told of others. */
  @ParameterizedTest
  @EnumSource(names = {"UDP", "TCP"})
  void refusedCredentialsGiveWayToOthers(Transport transport) {
    SimPeer peer = gathered(transport);
    first.stop();
    SimRelay second = first.anew();
    world.run(Duration.ofMinutes(3));
    assertEquals(0, relayed(peer));
    ask(peer, List.of(second.over(transport)));
    assertTrue(
        world.runUntil(() -> relayed(peer) == 1, Duration.ofSeconds(3)),
        () -> String.valueOf(peer.events));
  }

  /** It comes back as it was, after its clients have given up. */
  @ParameterizedTest
  @ValueSource(ints = {5, 100, 3600})
  void itIsTriedAgainOnceItIsToldOfAgain(int seconds) {
    SimPeer peer = gathered(Transport.UDP);
    List<Relay> same = List.of(first.over(Transport.UDP));
    first.stop();
    ask(peer, List.of());
    world.run(Duration.ofSeconds(seconds));
    first.again();
    ask(peer, same);
    assertTrue(
        world.runUntil(() -> relayed(peer) == 1, Duration.ofSeconds(12)),
        () -> String.valueOf(peer.events));
  }
}
