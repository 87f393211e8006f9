package dev.culvert.natsim;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.sansio.IpLiterals;
import dev.culvert.sansio.MonotonicTime;
import dev.culvert.sansio.TransportAddress;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Each way of breaking the simulator on purpose is noticed. */
class InvariantsTest {
  private static final Link LINE = Link.of(Duration.ofMillis(5));
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final InetAddress EXTERNAL = ip("198.51.100.1");
  private static final TransportAddress A1 = new TransportAddress(ip("203.0.113.1"), 1000);
  private static final TransportAddress B1 = new TransportAddress(ip("203.0.113.2"), 1000);
  private static final NatBehaviour OPEN =
      NatBehaviour.of(Dependence.ENDPOINT_INDEPENDENT, Dependence.ENDPOINT_INDEPENDENT)
          .ports(PortRule.preserving());
  private static final NatBehaviour SHUT =
      NatBehaviour.of(Dependence.ENDPOINT_INDEPENDENT, Dependence.ADDRESS_AND_PORT)
          .ports(PortRule.preserving());

  /** A NAT that does one thing and claims another. */
  private static final class LyingNat extends Nat {
    private final NatBehaviour claimed;

    LyingNat(NatBehaviour does, NatBehaviour claimed) {
      super(does, List.of(EXTERNAL), new SplittableRandom(1), false);
      this.claimed = claimed;
    }

    @Override
    NatBehaviour claims() {
      return claimed;
    }
  }

  /** A NAT whose packets are tampered with on their way out. */
  private static final class Tampering implements Middlebox {
    private final Nat nat = new Nat(OPEN, List.of(EXTERNAL), new SplittableRandom(1), false);
    private final UnaryOperator<Packet> tamper;

    Tampering(UnaryOperator<Packet> tamper) {
      this.tamper = tamper;
    }

    @Override
    public Passage fromInside(Packet packet, MonotonicTime now) {
      return Passage.out(tamper.apply(nat.fromInside(packet, now).packet().orElseThrow()));
    }

    @Override
    public Passage fromOutside(Packet packet, MonotonicTime now) {
      return nat.fromOutside(packet, now);
    }

    @Override
    public void forget() {}

    @Override
    public void eachNat(Consumer<Nat> action) {
      action.accept(nat);
    }
  }

  /** Two hosts behind a box, two servers in front of it. */
  private static final class Lan {
    final World world = new World(99);
    final Talker server = Talker.mirror().bind(0, A1).bind(1, B1);
    final Talker one = Talker.mute().bind(0, new TransportAddress(ip("192.168.1.2"), 5000));
    final Talker two = Talker.mute().bind(0, new TransportAddress(ip("192.168.1.3"), 5000));
    final Resident<String> serverSeat;
    final Resident<String> first;
    final Resident<String> second;

    Lan(Middlebox box) {
      serverSeat = world.internet().host("server", LINE, A1.ip(), B1.ip()).run(server, e -> {});
      Router router = new Router(world, "nat", box, world.internet(), LINE, List.of(EXTERNAL));
      first = router.inside().host("one", LINE, ip("192.168.1.2")).run(one, e -> {});
      second = router.inside().host("two", LINE, ip("192.168.1.3")).run(two, e -> {});
      world.run(SECOND);
    }

    Lan asks(TransportAddress whom) {
      first.execute(now -> one.send(0, whom, "?"));
      world.run(SECOND);
      return this;
    }
  }

  @Test
  void aNatThatLeaksItsInside() {
    TransportAddress inside = new TransportAddress(ip("192.168.1.2"), 5000);
    Lan lan = new Lan(new Tampering(packet -> packet.from(inside)));
    violated("inside source", () -> lan.asks(A1));
  }

  @Test
  void aNatThatLeavesThroughNoMapping() {
    Lan lan = new Lan(new Tampering(packet -> packet.from(new TransportAddress(EXTERNAL, 4444))));
    violated("without a mapping", () -> lan.asks(A1));
  }

  @Test
  void aRouterThatGivesHopsBack() {
    Lan lan = new Lan(new Tampering(packet -> packet.hopsOn(-1)));
    violated("hop limit", () -> lan.asks(A1));
  }

  @Test
  void aFilterThatIsTooWide() {
    Lan lan = new Lan(new LyingNat(OPEN, SHUT)).asks(A1);
    lan.serverSeat.execute(
        now -> lan.server.send(1, new TransportAddress(EXTERNAL, 5000), "stranger"));
    violated("nobody asked for", () -> lan.world.run(SECOND));
  }

  @Test
  void mappingsThatLiveTooLong() {
    NatBehaviour five = OPEN.timeout(Duration.ofSeconds(5));
    Lan out = new Lan(new LyingNat(OPEN, five)).asks(A1);
    out.world.run(Duration.ofSeconds(5));
    violated("dead mapping carries a packet out", () -> out.asks(A1));
    Lan in = new Lan(new LyingNat(OPEN, five)).asks(A1);
    in.world.run(Duration.ofSeconds(5));
    in.serverSeat.execute(now -> in.server.send(0, new TransportAddress(EXTERNAL, 5000), "late"));
    violated("dead mapping carries a packet in", () -> in.world.run(SECOND));
  }

  @Test
  void oneEndpointForTwoHosts() {
    NatBehaviour hard =
        NatBehaviour.of(Dependence.ADDRESS_AND_PORT, Dependence.ADDRESS_AND_PORT)
            .ports(PortRule.preserving());
    NatBehaviour overloads = hard.ports(PortRule.preserving().overloading());
    Lan lan = new Lan(new LyingNat(overloads, hard)).asks(A1);
    lan.second.execute(now -> lan.two.send(0, B1, "?"));
    violated("two mappings", () -> lan.world.run(SECOND));
  }

  @Test
  void aNatThatPassesWhatItBlocks() {
    Lan lan = new Lan(new LyingNat(OPEN, OPEN.blocking(Protocol.UDP)));
    violated("what it blocks", () -> lan.asks(A1));
  }

  @Test
  void aFirewallThatIsTooWide() {
    FirewallBehaviour claimed = FirewallBehaviour.of(Dependence.ADDRESS_AND_PORT);
    World world = new World(99);
    Firewall lying =
        new Firewall(FirewallBehaviour.passing(), ip -> true) {
          @Override
          FirewallBehaviour behaviour() {
            return claimed;
          }
        };
    Router router = new Router(world, "wall", lying, world.internet(), LINE, List.of());
    router.inside().announce(router.outer(), ip -> true);
    TransportAddress own = new TransportAddress(EXTERNAL, 5000);
    router.inside().host("one", LINE, EXTERNAL).run(Talker.mute().bind(0, own), e -> {});
    Talker server = Talker.mute().bind(0, A1).send(0, own, "stranger");
    world.internet().host("server", LINE, A1.ip()).run(server, e -> {});
    violated("nobody asked for", () -> world.run(SECOND));
  }

  @Test
  void packetsThatVanish() {
    Lan lan = with((packet, via) -> {});
    violated("vanished [1]", () -> lan.asks(hole()));
  }

  @Test
  void packetsThatBecomeTwo() {
    Lan lan =
        with(
            (packet, via) -> {
              via.send(packet.to(A1).hopsOn(1));
              via.send(packet.to(A1).hopsOn(2));
            });
    violated("on its way twice", () -> lan.asks(hole()));
  }

  @Test
  void packetsWithTwoFates() {
    Lan lan =
        with(
            (packet, via) -> {
              via.network().world().tell("hole", packet, "lost");
              via.network().world().tell("hole", packet, "lost again");
            });
    violated("two fates", () -> lan.asks(hole()));
    Lan undead =
        with(
            (packet, via) -> {
              via.network().world().tell("hole", packet, "lost");
              via.send(packet.to(A1).hopsOn(1));
            });
    violated("met its fate", () -> undead.asks(hole()));
  }

  @Test
  void aQueueWithoutABound() {
    Capacity slow = new Capacity(8000, 3, 1500);
    World world = new World(99);
    Talker client = Talker.mute().bind(0, new TransportAddress(B1.ip(), 5000));
    Resident<String> seat = world.internet().host("slow", LINE, B1.ip()).run(client, e -> {});
    Port port =
        new Port("slow", (packet, via) -> {}, world.internet(), LINE.carrying(slow), List.of());
    for (int i = 0; i < 5; i++) {
      port.up().enqueue(slow.withQueue(100), 100, false, world.now());
    }
    world.run(SECOND);
    for (int i = 0; i < 90; i++) {
      port.up().enqueue(slow.withQueue(100), 100, false, world.now());
    }
    seat.execute(now -> client.send(0, A1, "?"));
    Packet packet = Packet.udp(B1, A1, dev.culvert.sansio.Bytes.empty(), 64, false);
    violated("longer than its bound", () -> port.send(packet));
  }

  @Test
  void timeThatGoesBack() {
    World world = new World(99);
    world.run(SECOND);
    world.at(new MonotonicTime(0), () -> {});
    world.at(new MonotonicTime(2_000_000_000L), () -> {});
    violated("time goes back", () -> world.run(SECOND));
  }

  @Test
  void whatIsSaidNamesSeedTimeAndWhatCameBefore() {
    Lan lan = new Lan(new Tampering(packet -> packet.hopsOn(-1)));
    String message = violated("hop limit", () -> lan.asks(A1));
    assertTrue(message.contains("seed 99 at 1.005 s"), message);
    assertTrue(
        message.contains("#1 UDP 192.168.1.2:5000 > 203.0.113.1:1000 ttl 64, 1 bytes: sent"),
        message);
  }

  private static Lan with(Port.Receiver receiver) {
    Lan lan = new Lan(new Nat(OPEN, List.of(EXTERNAL), new SplittableRandom(1), false));
    List<InetAddress> ips = List.of(hole().ip());
    Network internet = lan.world.internet();
    internet.add(new Port("hole", receiver, internet, LINE, ips), ips);
    return lan;
  }

  private static TransportAddress hole() {
    return new TransportAddress(ip("203.0.113.66"), 9);
  }

  private static String violated(String words, Runnable run) {
    InvariantViolation violation = assertThrows(InvariantViolation.class, run::run);
    String message = String.valueOf(violation.getMessage());
    assertTrue(message.contains(words), message);
    return message;
  }

  private static InetAddress ip(String text) {
    return IpLiterals.parse(text).orElseThrow();
  }
}
