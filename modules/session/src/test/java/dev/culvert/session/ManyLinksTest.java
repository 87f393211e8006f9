package dev.culvert.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.ice.IceConfig;
import dev.culvert.ice.IceEvent;
import dev.culvert.ice.IceRole;
import dev.culvert.ice.IceState;
import dev.culvert.natsim.Dependence;
import dev.culvert.natsim.Link;
import dev.culvert.natsim.NatBehaviour;
import dev.culvert.natsim.Resident;
import dev.culvert.natsim.World;
import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.IpLiterals;
import dev.culvert.sansio.TransportAddress;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** One session behind a NAT with links to a thousand others, over one socket. */
class ManyLinksTest {
  private static final int LINKS = 1_000;
  private static final TransportAddress STUN = new TransportAddress(ip("203.0.113.10"), 3478);
  private static final Link LINE = Link.of(Duration.ofMillis(10));
  private static final Duration LIMIT = Duration.ofSeconds(30);

  private final World world = new World(11);
  private final List<SessionEvent> events = new ArrayList<>();
  private final Set<TransportAddress> sources = new HashSet<>();
  private long packets;

  private static InetAddress ip(String text) {
    return IpLiterals.parse(text).orElseThrow();
  }

  private static SessionConfig config(InetAddress own) {
    return SessionConfig.of(List.of(new LocalAddress("eth0", own)));
  }

  private record Leaf(PeerLink ofHub, PeerLink own, Resident<SessionEvent> seat) {
    boolean is(IceState state) {
      return ofHub.state() == state && own.state() == state;
    }
  }

  private final PeerSession hub;
  private final Resident<SessionEvent> seat;

  ManyLinksTest() {
    InetAddress inside = ip("192.168.0.2");
    SimRelay.on(world, LINE, STUN.ip());
    hub =
        new PeerSession(
            config(inside).asking(List.of(new NamedServer("stun", STUN))), world.newRandom());
    seat =
        world
            .internet()
            .nat(
                "nat",
                LINE,
                NatBehaviour.of(Dependence.ENDPOINT_INDEPENDENT, Dependence.ADDRESS_AND_PORT),
                ip("198.51.100.1"))
            .inside()
            .host("hub", Link.of(Duration.ofMillis(1)), inside)
            .run(hub, events::add);
    world.tap(
        "hub",
        (now, where, packet, outgoing) -> {
          if (outgoing) {
            packets++;
            sources.add(packet.source());
          }
        });
    seat.execute(hub::gather);
    assertTrue(
        world.runUntil(
            () -> events.stream().anyMatch(SessionEvent.GatheringDone.class::isInstance), LIMIT));
  }

  /** Tells each of the two what the other is; all is gathered. */
  private Leaf meet(int number) {
    InetAddress own = ip("198.18." + number / 200 + "." + (1 + number % 200));
    PeerSession session = new PeerSession(config(own), world.newRandom());
    Resident<SessionEvent> its =
        world.internet().host("leaf" + number, LINE, own).run(session, event -> {});
    its.execute(session::gather);
    world.runUntil(() -> !session.gathered().isEmpty(), LIMIT);
    List<PeerLink> links = new ArrayList<>();
    its.execute(now -> links.add(session.open(IceConfig.standard(IceRole.CONTROLLED), now)));
    seat.execute(now -> links.add(hub.open(IceConfig.standard(IceRole.CONTROLLING), now)));
    its.execute(now -> links.get(0).remote(links.get(1).description(), now));
    seat.execute(now -> links.get(1).remote(links.get(0).description(), now));
    return new Leaf(links.get(1), links.get(0), its);
  }

  private long received(Predicate<PeerLink> of) {
    return events.stream()
        .filter(SessionEvent.Ice.class::isInstance)
        .map(SessionEvent.Ice.class::cast)
        .filter(each -> each.event() instanceof IceEvent.Received && of.test(each.link()))
        .count();
  }

  @Test
  void aThousandLinksShareOneSocket() {
    List<Leaf> leaves = new ArrayList<>();
    for (int number = 0; number < LINKS; number++) {
      leaves.add(meet(number));
    }
    assertTrue(
        world.runUntil(() -> leaves.stream().allMatch(l -> l.is(IceState.COMPLETED)), LIMIT));
    world.run(Duration.ofSeconds(10));
    assertEquals(1, hub.sockets().size());
    assertEquals(1, sources.size());
    assertTrue(packets <= 12 * LINKS, () -> packets + " packets until all are connected");

    for (Leaf leaf : leaves) {
      leaf.seat().execute(now -> leaf.own().send(Bytes.utf8("to the hub"), now));
    }
    world.run(Duration.ofSeconds(1));
    for (Leaf leaf : leaves) {
      assertEquals(1, received(leaf.ofHub()::equals));
    }

    packets = 0;
    world.run(Duration.ofMinutes(1));
    assertTrue(packets <= 30 * LINKS, () -> packets + " packets in a quiet minute");

    leaves.forEach(leaf -> seat.execute(leaf.ofHub()::close));
    world.run(Duration.ofSeconds(20));
    packets = 0;
    world.run(Duration.ofMinutes(1));
    assertEquals(0, packets);
    assertEquals(List.of(), hub.links());
  }
}
